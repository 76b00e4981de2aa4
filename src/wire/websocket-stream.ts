import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Frames are joined up to this, so that a turn's packets are one frame. */
const JOINED_BYTES = 65_536;

/** A WebSocket as a stream of bytes: frames have no meaning of their own in MQTT, and may not be text (MQTT 5, 6.0). */
export class WebSocketStream extends Duplex {
  /** Of the socket below, when it is the far side's. */
  readonly remoteAddress: string | undefined;
  readonly #webSocket: WebSocket;

  constructor(webSocket: WebSocket, remoteAddress?: string) {
    super({ allowHalfOpen: false });
    this.#webSocket = webSocket;
    this.remoteAddress = remoteAddress;
    webSocket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) this.destroy(new Error('the far side sent a text frame'));
      else if (!this.push(data)) webSocket.pause();
    });
    webSocket.on('error', (error) => this.destroy(error));
    webSocket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#webSocket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#webSocket.send(chunk, { binary: true }, (error) => done(error ?? undefined));
  }

  override _writev(entries: { chunk: Buffer }[], done: (error?: Error) => void): void {
    let joined: Buffer[] = [];
    let bytes = 0;
    for (const { chunk } of entries) {
      if (bytes > 0 && bytes + chunk.length > JOINED_BYTES) {
        this.#webSocket.send(Buffer.concat(joined), { binary: true });
        joined = [];
        bytes = 0;
      }
      joined.push(chunk);
      bytes += chunk.length;
    }
    this.#webSocket.send(Buffer.concat(joined), { binary: true }, (error) => done(error ?? undefined));
  }

  override _final(done: () => void): void {
    this.#webSocket.close(1000);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#webSocket.terminate();
    done(error);
  }
}
