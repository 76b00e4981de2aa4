import { MAX_HEADER_BYTES, type Decoded } from '../../endpoint/frame.ts';
import { farSideFault } from '../../endpoint/far-side-fault.ts';
import type { FilledLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { topicProblem } from '../../endpoint/topic.ts';
import { Fault, isFault } from '../../fault.ts';
import { noteChunk } from '../../wire/young-garbage.ts';
import type { Conduit } from './conduit.ts';
import { FrameSplitter } from './frame-splitter.ts';
import { FrameWriter } from './frame-writer.ts';
import { Pulse } from './pulse.ts';
import { UnacknowledgedMessages, type Unacknowledged } from './unacknowledged.ts';
import { Unreliable } from './unreliable.ts';
import { Untaken } from './untaken.ts';

/** Acknowledged by the accepting side first of all: the far side is let in. As the id of a message: wants no answer. */
const WELCOME = 0;
/** Refuses the connection, not because anything is wrong: what comes after it goes by another one. */
const MOVED = 'MOVED';
/** Answers that wait for a far side that does not read. What it sends within any window is answered with much less. */
const MAX_UNREAD_ANSWERS_BYTES = 1_048_576;

export interface ChannelEvents {
  /** The far side let us in. */
  welcome(): void;
  /** Resolves when every reader has taken it: then it is acknowledged. Nothing when they have already. */
  message(message: ReceivedMessage): Promise<void> | undefined;
  /** Time there and back. */
  latency?(ms: number): void;
  /** What it sent and should not have. */
  malformed?(problem: string): void;
  /** The last event, once. */
  gone(cause: Error): void;
}

/** Messages and acknowledgements over one conduit, the same at both ends. */
export class Channel {
  readonly conduit: Conduit;
  readonly #limits: FilledLimits;
  readonly #events: ChannelEvents;
  readonly #splitter: FrameSplitter;
  readonly #writer: FrameWriter;
  readonly #unreliable: Unreliable | undefined;
  readonly #unacknowledged: UnacknowledgedMessages;
  readonly #untaken: Untaken;
  readonly #pulse: Pulse;
  readonly #maxUnreadBytes: number;
  #goodTopic: string | undefined;
  #closing = false;
  #moved: 'not' | 'we' | 'they' | 'both' = 'not';
  #cut: NodeJS.Timeout | undefined;
  #cause: Error | undefined;

  /** `from` is what the far side is called in the messages it sends. */
  constructor(conduit: Conduit, from: string, limits: FilledLimits, events: ChannelEvents) {
    const { stream, datagrams } = conduit;
    const { maxInFlight, maxPayloadBytes, keepAliveMs } = limits;
    this.conduit = conduit;
    this.#limits = limits;
    this.#events = events;
    this.#writer = new FrameWriter(stream);
    this.#splitter = new FrameSplitter(maxPayloadBytes, from, {
      data: (id, message) => this.#receive(id, message),
      ack: (id) => this.#acknowledged(id),
      other: (frame) => this.#handle(frame),
    });
    this.#unacknowledged = new UnacknowledgedMessages(maxInFlight);
    this.#untaken = new Untaken(stream, maxInFlight, maxPayloadBytes);
    // A window twice: the stream counts what it has begun to write until all of that has left, while acknowledgements of its
    // beginning let more be sent.
    this.#maxUnreadBytes = 2 * maxInFlight * (maxPayloadBytes + MAX_HEADER_BYTES) + MAX_UNREAD_ANSWERS_BYTES;
    this.#unreliable =
      datagrams &&
      new Unreliable(datagrams, maxPayloadBytes, {
        hasRoom: () => !this.#closing && !this.#untaken.isFull,
        message: (message) => this.#receive(WELCOME, Object.assign(message, { from })),
        malformed: (problem) => events.malformed?.(problem),
      });
    this.#pulse = new Pulse(keepAliveMs, {
      ask: () => {
        const id = this.#unacknowledged.nextId();
        this.#writer.write({ type: 'ping', id });
        return id;
      },
      mayAsk: () => !stream.writableNeedDrain,
      isListening: () => !stream.isPaused(),
      silent: (ms) => stream.destroy(new Error(`silent for ${ms} ms`)),
      latency: (ms) => events.latency?.(ms),
    });
    stream.on('data', (chunk: Buffer) => this.#hear(chunk));
    stream.on('error', (error) => this.#broken(error));
    stream.once('close', () => this.#end());
  }

  /** Time there and back by the last answer. */
  get latencyMs(): number | undefined {
    return this.#pulse.latencyMs;
  }

  /** Whether what is sent can arrive, as far as is known. */
  get isOpen(): boolean {
    return this.conduit.stream.writable;
  }

  /** Lets the far side in. */
  welcome(): void {
    this.#writer.writeAck(WELCOME);
    this.#pulse.ask();
  }

  /** Sends it; it is settled with the acknowledgement. Gives its number. Throws when the connection is gone or MESSAGE_INVALID. */
  send(message: Message, waiting: Unacknowledged): number {
    if (this.conduit.stream.destroyed) throw this.#gone();
    const id = this.#unacknowledged.nextId();
    this.#writer.writeData(id, message);
    this.#unacknowledged.add(id, waiting);
    return id;
  }

  /** Nobody waits for that acknowledgement any more. */
  forget(id: number): void {
    this.#unacknowledged.take(id);
  }

  /** Sends without an answer and without a wait. False when it was dropped, because too much is on its way already. */
  sendUnreliable(message: Message): boolean {
    const { stream } = this.conduit;
    if (stream.destroyed) return false;
    if (this.#unreliable !== undefined) return this.#unreliable.send(message);
    if (stream.writableNeedDrain) return false;
    this.#writer.writeData(WELCOME, message);
    return true;
  }

  /** Resolves when nothing waits for its acknowledgement; that must not be called while more is being sent. */
  drained(): Promise<void> {
    return this.#unacknowledged.drained();
  }

  /** Nothing more is sent here: ends the connection as soon as the far side has said the same. */
  move(): void {
    if (this.conduit.stream.destroyed) return;
    this.#writer.write({ type: 'refuse', id: WELCOME, code: MOVED, reason: 'goes on by another path' });
    this.#moved = this.#moved === 'they' ? 'both' : 'we';
    this.#leaveIfMoved();
  }

  /** Ends the connection; with a cause, the far side is told why. */
  close(cause?: Fault): void {
    if (cause !== undefined)
      this.#writer.write({ type: 'refuse', id: WELCOME, code: cause.code, reason: cause.message });
    this.#stopHearing();
    this.#cause ??= cause;
    this.#writer.flush();
    const { stream } = this.conduit;
    if (stream.writableFinished) stream.destroy();
    else {
      stream.once('finish', () => stream.destroy());
      stream.end();
      // Whoever reads nothing does not read why either.
      this.#cut ??= setTimeout(() => stream.destroy(), this.#limits.keepAliveMs);
    }
  }

  #hear(chunk: Buffer): void {
    this.#pulse.hear();
    noteChunk(chunk);
    this.#splitter.push(chunk);
    // Whoever sends and does not read what we answer would have us keep it for ever.
    const { writableLength } = this.conduit.stream;
    if (writableLength <= this.#maxUnreadBytes || this.#closing) return;
    this.#stopHearing();
    this.conduit.stream.destroy(new Fault('FAR_SIDE_SLOW', { limitBytes: this.#maxUnreadBytes }));
  }

  /** A fault is what the far side did, any other error what became of the connection. */
  #broken(error: Error): void {
    if (isFault(error)) this.#events.malformed?.(error.message);
    this.#cause ??= isFault(error) ? error : farSideFault(this.conduit.url, error);
  }

  /** Whom we send away is not heard any more, whatever is on its way already. */
  #stopHearing(): void {
    this.#closing = true;
    this.#splitter.stop();
  }

  #acknowledged(id: number): void {
    if (id === WELCOME) {
      this.#events.welcome();
      this.#pulse.ask();
    } else if (!this.#pulse.answered(id)) this.#unacknowledged.take(id)?.settle();
  }

  #handle(frame: Exclude<Decoded, { type: 'data' | 'ack' }>): void {
    switch (frame.type) {
      case 'refuse':
        this.#refused(frame.id, frame.code, frame.reason);
        return;
      case 'ping':
        this.#writer.writeAck(frame.id);
        return;
      case 'oversize':
        this.#refuse(
          frame.id,
          new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: frame.sizeBytes, limitBytes: this.#limits.maxPayloadBytes }),
        );
        return;
      case 'malformed':
        this.#events.malformed?.(frame.problem);
        this.close(new Fault('MESSAGE_INVALID', { problem: frame.problem }));
        return;
    }
  }

  #receive(id: number, message: ReceivedMessage): void {
    const problem = message.topic === this.#goodTopic ? undefined : topicProblem(message.topic);
    if (problem !== undefined) {
      this.#refuse(id, new Fault('MESSAGE_INVALID', { problem }));
      return;
    }
    this.#goodTopic = message.topic;
    const taken = this.#events.message(message);
    if (taken === undefined) this.#acknowledge(id);
    else this.#untaken.hold(message.payload.byteLength, taken, () => this.#acknowledge(id));
  }

  #acknowledge(id: number): void {
    if (id !== WELCOME && !this.conduit.stream.destroyed) this.#writer.writeAck(id);
  }

  #refuse(id: number, { code, message }: Fault): void {
    this.#events.malformed?.(message);
    if (id !== WELCOME) this.#writer.write({ type: 'refuse', id, code, reason: message });
  }

  #refused(id: number, code: string, answer: string): void {
    const { stream, url } = this.conduit;
    if (id !== WELCOME) {
      this.#unacknowledged.take(id)?.settle(new Fault('FAR_SIDE_REFUSED', { url, answer }));
    } else if (code === MOVED) {
      this.#moved = this.#moved === 'we' ? 'both' : 'they';
      this.#leaveIfMoved();
    } else {
      this.#stopHearing();
      this.#cause ??= new Fault('LINK_REFUSED', { url, answer });
      stream.destroy();
    }
  }

  #leaveIfMoved(): void {
    if (this.#moved === 'both') this.close();
  }

  #gone(): Error {
    return this.#cause ?? farSideFault(this.conduit.url, new Error('the far side closed the connection'));
  }

  #end(): void {
    this.#pulse.stop();
    clearTimeout(this.#cut);
    const cause = this.#gone();
    this.#unacknowledged.lose(cause);
    this.#events.gone(cause);
  }
}
