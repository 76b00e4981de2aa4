import type { TLSSocket } from 'node:tls';
import { farSideFault } from '../../endpoint/far-side-fault.ts';
import type { Decoded } from '../../endpoint/frame.ts';
import type { FilledLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Silence } from '../../endpoint/silence.ts';
import { Fault } from '../../fault.ts';
import { FrameSplitter } from './frame-splitter.ts';
import { FrameWriter } from './frame-writer.ts';

/** What the accepting side acknowledges first of all: that the far side is let in. No message has this id. */
const WELCOME = 0;
const LAST_ID = 0xffff_ffff;
/** Memory a message takes beside its payload, roughly. */
const BYTES_PER_MESSAGE = 512;

export interface ChannelEvents {
  /** The far side let us in. */
  welcome(): void;
  /** Resolves when every reader has taken it: then it is acknowledged. */
  message(message: ReceivedMessage): Promise<void>;
  /** The last event, once. */
  gone(cause: Error): void;
}

interface Unacknowledged {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Messages and acknowledgements over one socket, the same at both ends. */
export class Channel {
  readonly #socket: TLSSocket;
  readonly #url: string;
  readonly #from: string;
  readonly #limits: FilledLimits;
  readonly #events: ChannelEvents;
  readonly #splitter: FrameSplitter;
  readonly #writer: FrameWriter;
  readonly #unacknowledged = new Map<number, Unacknowledged>();
  readonly #pulse: NodeJS.Timeout;
  #lastId = WELCOME;
  readonly #silence: Silence;
  #untakenBytes = 0;
  #closing = false;
  #cause: Error | undefined;

  /** `url` and `from` name the far side: where it is, and who. */
  constructor(socket: TLSSocket, url: string, from: string, limits: FilledLimits, events: ChannelEvents) {
    this.#socket = socket;
    this.#url = url;
    this.#from = from;
    this.#limits = limits;
    this.#events = events;
    this.#writer = new FrameWriter(socket);
    this.#splitter = new FrameSplitter(limits.maxPayloadBytes);
    const periodMs = Math.max(1, limits.keepAliveMs / 3);
    this.#silence = new Silence(periodMs);
    this.#pulse = setInterval(() => this.#beat(), periodMs);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => (this.#cause ??= farSideFault(url, error)));
    socket.once('close', () => this.#end());
  }

  /** Lets the far side in. */
  welcome(): void {
    this.#writer.write({ type: 'ack', id: WELCOME });
  }

  /** Resolves at the acknowledgement. When the signal fires nobody waits for it any more. */
  send(message: Message, signal: AbortSignal): Promise<void> {
    const id = this.#nextId();
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(this.#gone());
        return;
      }
      this.#writer.write({ type: 'data', id, message });
      this.#unacknowledged.set(id, { resolve, reject });
      signal.addEventListener('abort', () => this.#unacknowledged.delete(id), { once: true });
    });
  }

  /** Ends the connection; with a cause, the far side is told why. */
  close(cause?: Fault): void {
    if (cause !== undefined)
      this.#writer.write({ type: 'refuse', id: WELCOME, code: cause.code, reason: cause.message });
    this.#closing = true;
    this.#cause ??= cause;
    this.#writer.flush();
    this.#socket.destroySoon();
  }

  #take(chunk: Buffer): void {
    this.#silence.hear();
    // Whom we send away is not heard any more, whatever is on its way already.
    if (this.#closing) return;
    for (const frame of this.#splitter.push(chunk)) {
      this.#handle(frame);
      if (this.#closing) return;
    }
  }

  #handle(frame: Decoded): void {
    switch (frame.type) {
      case 'data':
        this.#receive(frame.id, frame.message);
        return;
      case 'ack':
        if (frame.id === WELCOME) this.#events.welcome();
        else this.#settle(frame.id)?.resolve();
        return;
      case 'refuse':
        this.#refused(frame.id, frame.reason);
        return;
      case 'ping':
        this.#writer.write({ type: 'ack', id: frame.id });
        return;
      case 'oversize':
        this.#refuse(frame.id, frame.sizeBytes);
        return;
      case 'malformed':
        this.close(new Fault('MESSAGE_INVALID', { problem: frame.problem }));
        return;
    }
  }

  #receive(id: number, message: Message): void {
    const bytes = message.payload.byteLength + BYTES_PER_MESSAGE;
    const maxUntakenBytes = this.#limits.maxInFlight * (this.#limits.maxPayloadBytes + BYTES_PER_MESSAGE);
    this.#untakenBytes += bytes;
    if (this.#untakenBytes > maxUntakenBytes) this.#socket.pause();
    // The promise of a reader never rejects.
    void this.#events.message({ ...message, from: this.#from }).then(() => {
      this.#untakenBytes -= bytes;
      this.#writer.write({ type: 'ack', id });
      if (this.#socket.isPaused() && this.#untakenBytes <= maxUntakenBytes) this.#socket.resume();
    });
  }

  #refuse(id: number, sizeBytes: number): void {
    const { code, message } = new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes: this.#limits.maxPayloadBytes });
    this.#writer.write({ type: 'refuse', id, code, reason: message });
  }

  #refused(id: number, answer: string): void {
    if (id !== WELCOME) {
      this.#settle(id)?.reject(new Fault('FAR_SIDE_REFUSED', { url: this.#url, answer }));
      return;
    }
    this.#closing = true;
    this.#cause ??= new Fault('LINK_REFUSED', { url: this.#url, answer });
    this.#socket.destroy();
  }

  #settle(id: number): Unacknowledged | undefined {
    const waiting = this.#unacknowledged.get(id);
    this.#unacknowledged.delete(id);
    return waiting;
  }

  #nextId(): number {
    this.#lastId = this.#lastId === LAST_ID ? WELCOME + 1 : this.#lastId + 1;
    return this.#lastId;
  }

  #beat(): void {
    const silentMs = this.#silence.look();
    // What we do not read ourselves is no silence of the far side.
    if (silentMs > this.#limits.keepAliveMs && !this.#socket.isPaused()) {
      this.#socket.destroy(new Error(`silent for ${Math.round(silentMs)} ms`));
    } else {
      this.#writer.write({ type: 'ping', id: this.#nextId() });
    }
  }

  #gone(): Error {
    return this.#cause ?? farSideFault(this.#url, new Error('the far side closed the connection'));
  }

  #end(): void {
    clearInterval(this.#pulse);
    const cause = this.#gone();
    for (const { reject } of this.#unacknowledged.values()) reject(cause);
    this.#unacknowledged.clear();
    this.#events.gone(cause);
  }
}
