import type { Duplex } from 'node:stream';
import { noteChunk } from '../../wire/young-garbage.ts';
import {
  closeCodes,
  closeFrame,
  FrameDecoder,
  newInflate,
  type DeflateAgreement,
  type FrameSink,
  type Malformed,
} from '../../wire/websocket/index.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { FrameOutlet, gone, type OutletEvents } from './frame-outlet.ts';
import type { Packed } from './packed.ts';
import type { Left } from './waiting-frames.ts';

/** What happens to connections; one object serves all of a listener. */
export interface ConnectionEvents {
  /** Text is valid UTF-8. The bytes may be a view on more than this message. */
  message(connection: Connection, payload: Buffer, isText: boolean): void;
  /** What was wrong with what it sent; it is being closed. */
  malformed(connection: Connection, malformed: Malformed): void;
  dropped(connection: Connection, count: number): void;
  /** The last event, once: with the code of the far side, or 1006 when it sent none. */
  closed(connection: Connection, code: number, reason: string): void;
}

/** How long a far side may take to answer a close frame, and then to close. */
const CLOSE_MS = 500;

/** One open WebSocket on a stream: messages in and out, pings answered, and the closing handshake (RFC 6455, 5 to 7). */
export class Connection implements FrameSink, OutletEvents {
  readonly #stream: Duplex;
  readonly #settings: ConnectionSettings;
  readonly #events: ConnectionEvents;
  readonly #decoder: FrameDecoder;
  readonly #outlet: FrameOutlet;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #cut: NodeJS.Timeout | undefined;
  #farClose: { readonly code: number; readonly reason: string } | undefined;
  #pings = 0;
  #pingsSince = 0;
  /** Something came since this was last set to false. */
  heard = true;

  constructor(
    stream: Duplex,
    settings: ConnectionSettings,
    events: ConnectionEvents,
    agreement: DeflateAgreement | undefined,
  ) {
    const { server, maxPayloadBytes } = settings;
    this.#stream = stream;
    this.#settings = settings;
    this.#events = events;
    const inflate = agreement && newInflate(agreement.farKeepsContext, agreement.farWindowBits);
    this.#decoder = new FrameDecoder({ server, maxPayloadBytes, inflate }, this);
    this.#outlet = new FrameOutlet(stream, settings, agreement, this);
    // What breaks a stream also closes it, which is heard below.
    stream.on('error', () => undefined);
    stream.on('end', () => this.#end());
    stream.once('close', () => this.#closed());
  }

  /** Reads from now on, first what was read already. */
  start(head: Buffer): void {
    if (head.length > 0) this.#read(head);
    this.#stream.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Bytes that wait here and in the stream. */
  get bufferedBytes(): number {
    return this.#outlet.bufferedBytes;
  }

  /** The far side takes less than it is sent. */
  get isBlocked(): boolean {
    return this.#outlet.isBlocked;
  }

  /** Whether we do not read, so that its silence means nothing. */
  get isPaused(): boolean {
    return this.#stream.isPaused();
  }

  /** Reads no further, not even what is there already. */
  pause(): void {
    this.#decoder.hold();
    this.#stream.pause();
  }

  resume(): void {
    const malformed = this.#decoder.release();
    if (malformed !== undefined) this.#refuse(malformed);
    if (!this.#decoder.isHeld) this.#stream.resume();
  }

  /** True: it leaves at the end of the turn. False: `left` tells when it has left, or why it never will. */
  send(packed: Packed, left?: Left): boolean {
    if (this.#state === 'open') return this.#outlet.send(packed, left);
    left?.(gone());
    return false;
  }

  /** Asks for a sign of life. */
  ping(): void {
    if (this.#state === 'open') this.#outlet.ping();
  }

  /** Says why, once, and cuts the connection when the far side does not answer that. What waits is dropped. */
  close(code: number, reason = ''): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#outlet.last(closeFrame(code, reason, !this.#settings.server));
    // Only what is read can hold the answer.
    this.#decoder.release();
    this.#stream.resume();
    this.#cutLater();
  }

  /** Ends it at once, without a word. */
  terminate(): void {
    this.#stream.destroy();
  }

  message(payload: Buffer, isText: boolean): void {
    if (this.#state === 'open') this.#events.message(this, payload, isText);
  }

  pinged(payload: Buffer): void {
    const now = performance.now();
    if (now - this.#pingsSince > 1_000) {
      this.#pingsSince = now;
      this.#pings = 0;
    }
    this.#pings += 1;
    const { maxPingsPerSecond } = this.#settings;
    if (this.#pings > maxPingsPerSecond) {
      this.#refuse({ code: closeCodes.forbidden, text: `more than ${maxPingsPerSecond} pings in a second` });
    } else if (this.#state === 'open') this.#outlet.pong(payload);
  }

  ponged(): void {}

  dropped(count: number): void {
    this.#events.dropped(this, count);
  }

  overflown(): void {
    this.close(closeCodes.overload, 'it takes less than it is sent');
  }

  closeFrame(code: number | undefined, reason: string): void {
    this.#farClose ??= { code: code ?? closeCodes.noneGiven, reason };
    if (this.#state === 'open') {
      this.#state = 'closing';
      this.#outlet.last(closeFrame(code, '', !this.#settings.server));
    }
    // The server closes first (RFC 6455, 7.1.1).
    if (this.#settings.server) this.#stream.end();
    this.#cutLater();
  }

  #read(chunk: Buffer): void {
    this.heard = true;
    noteChunk(chunk);
    const malformed = this.#decoder.feed(chunk);
    if (malformed !== undefined) this.#refuse(malformed);
  }

  /** RFC 6455, 7.1.7. */
  #refuse(malformed: Malformed): void {
    if (this.#state !== 'open') return;
    this.#events.malformed(this, malformed);
    this.close(malformed.code, malformed.text);
    this.#stream.end();
  }

  /** The far side sends no more. */
  #end(): void {
    if (this.#state === 'open') this.#state = 'closing';
    this.#outlet.dropWaiting();
    this.#outlet.flush();
    this.#stream.end();
    this.#cutLater();
  }

  #cutLater(): void {
    this.#cut ??= setTimeout(() => this.#stream.destroy(), CLOSE_MS);
  }

  #closed(): void {
    clearTimeout(this.#cut);
    this.#state = 'closed';
    this.#decoder.stop();
    this.#outlet.discard();
    const { code, reason } = this.#farClose ?? { code: closeCodes.abnormal, reason: '' };
    this.#events.closed(this, code, reason);
  }
}
