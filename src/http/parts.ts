import { isBodiless } from './bodiless.ts';
import { compressor, chooseCoding, isCompressible } from './encodings.ts';
import { checkField } from './field.ts';
import { jsonText } from './json-text.ts';
import { mediaTypeOf } from './parse-body.ts';
import type { SiteResponse } from './site-response.ts';

export interface PartsOptions {
  /** Compresses what the client takes compressed, part by part. */
  readonly compress: boolean;
  /** Bytes that may wait for a far side that reads too slowly; with more it is cut off. */
  readonly maxWaitingBytes: number;
}

/** An answer in parts, sent as they come. */
export class Parts {
  readonly #response: SiteResponse;
  readonly #maxWaitingBytes: number;
  readonly #compressor: ReturnType<typeof compressor> | undefined;
  #isEnded = false;
  /** Called when there may be room again, or nobody is left to have it. */
  #wake: () => void = () => undefined;

  /** Sends the headers. */
  constructor(response: SiteResponse, { compress, maxWaitingBytes }: PartsOptions) {
    this.#response = response;
    this.#maxWaitingBytes = maxWaitingBytes;
    if (response.get('content-type') === undefined) response.type('text/plain; charset=utf-8');
    const type = mediaTypeOf(response.get('content-type'));
    const wished = compress && isCompressible(type) && response.get('content-encoding') === undefined;
    if (wished) response.vary('accept-encoding');
    const coding = wished ? chooseCoding(response.exchange.headers['accept-encoding']?.toString()) : undefined;
    if (coding !== undefined) {
      response.set('content-encoding', coding);
      this.#compressor = compressor(coding).on('drain', () => this.#wake());
    }
    response.exchange.onOver(() => {
      this.#compressor?.destroy();
      this.#wake();
    });
    const stream = response.begin();
    this.#compressor?.on('data', (chunk: Buffer) => stream.write(chunk));
  }

  get isOver(): boolean {
    return this.#isEnded || this.#response.exchange.isOver;
  }

  /** Sends one part; a value that is neither text nor bytes as a line of JSON. False: the far side reads too slowly and was cut off. */
  write(payload: unknown): boolean {
    const { exchange, stream } = this.#response;
    if (this.isOver || stream === undefined) return true;
    const chunk = chunkOf(payload);
    if (stream.waitingBytes + chunk.length > this.#maxWaitingBytes && stream.waitingBytes > 0) {
      exchange.abort();
      return false;
    }
    this.#send(chunk);
    return true;
  }

  /** Sends all of it, as fast as the far side reads. What breaks on the way breaks the answer off. */
  async pipe(payload: AsyncIterable<unknown>): Promise<void> {
    const { exchange } = this.#response;
    try {
      for await (const part of payload) {
        if (this.isOver) return;
        if (isBodiless(exchange.method, this.#response.statusCode)) break;
        this.#send(chunkOf(part));
        await this.#drained();
      }
      this.end();
    } catch (error) {
      exchange.abort();
      throw error;
    }
  }

  /** Throws TypeError for trailers that cannot be, and has not ended then. */
  end(trailers?: Readonly<Record<string, string>>): void {
    const { stream } = this.#response;
    if (this.isOver || stream === undefined) return;
    for (const name in trailers) checkField(name, trailers[name]!);
    this.#isEnded = true;
    if (this.#compressor === undefined) stream.end(trailers);
    else this.#compressor.once('end', () => stream.end(trailers)).end();
  }

  #send(chunk: Uint8Array | string): void {
    if (chunk.length === 0) return;
    if (this.#compressor === undefined) this.#response.stream?.write(chunk);
    else {
      this.#compressor.write(chunk);
      this.#compressor.flush();
    }
  }

  async #drained(): Promise<void> {
    const { exchange, stream } = this.#response;
    const woken = (): Promise<void> => new Promise((resolve) => (this.#wake = resolve));
    while (this.#compressor?.writableNeedDrain === true && !exchange.isOver) await woken();
    if (stream === undefined) return;
    while (stream.waitingBytes >= PAUSE_BYTES && !exchange.isOver) {
      stream.onDrain(() => this.#wake());
      await woken();
    }
  }
}

const PAUSE_BYTES = 65_536;

function chunkOf(payload: unknown): Uint8Array | string {
  if (typeof payload === 'string' || payload instanceof Uint8Array) return payload;
  if (payload === undefined || payload === null) return '';
  const json = jsonText(payload);
  return typeof payload === 'object' ? `${json}\n` : json;
}
