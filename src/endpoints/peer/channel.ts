import { decodeFrame, encodeFrame, FRAME_PREFIX_BYTES, MAX_HEADER_BYTES, type Decoded } from '../../endpoint/frame.ts';
import { farSideFault } from '../../endpoint/far-side-fault.ts';
import type { FilledLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Silence } from '../../endpoint/silence.ts';
import { topicProblem } from '../../endpoint/topic.ts';
import { Fault } from '../../fault.ts';
import type { Conduit } from './conduit.ts';
import { FrameSplitter } from './frame-splitter.ts';
import { FrameWriter } from './frame-writer.ts';
import { cutPackets, PacketJoiner } from './packets.ts';

/** Acknowledged by the accepting side first of all: the far side is let in. As the id of a message: wants no answer. */
const WELCOME = 0;
const LAST_ID = 0xffff_ffff;
/** Memory a message takes beside its payload, roughly. */
const BYTES_PER_MESSAGE = 512;
/** Refuses the connection, not because anything is wrong: what comes after it goes by another one. */
const MOVED = 'MOVED';

export interface ChannelEvents {
  /** The far side let us in. */
  welcome(): void;
  /** Resolves when every reader has taken it: then it is acknowledged. Nothing when they have already. */
  message(message: ReceivedMessage): Promise<void> | undefined;
  /** Time there and back. */
  latency?(ms: number): void;
  /** Unreliable packets that were none. */
  malformed?(problem: string): void;
  /** The last event, once. */
  gone(cause: Error): void;
}

/** Who waits for the acknowledgement of a message. */
export interface Unacknowledged {
  settle(error?: Error): void;
}

/** Messages and acknowledgements over one conduit, the same at both ends. */
export class Channel {
  readonly conduit: Conduit;
  readonly #from: string;
  readonly #limits: FilledLimits;
  readonly #events: ChannelEvents;
  readonly #splitter: FrameSplitter;
  readonly #writer: FrameWriter;
  readonly #joiner: PacketJoiner;
  readonly #unacknowledged = new Map<number, Unacknowledged>();
  readonly #pulse: NodeJS.Timeout;
  readonly #silence: Silence;
  readonly #maxUntakenBytes: number;
  #lastId = WELCOME;
  #goodTopic: string | undefined;
  #lastPacketId = 0;
  #pingId: number | undefined;
  #pingedAt = 0;
  #latencyMs: number | undefined;
  #untakenBytes = 0;
  #closing = false;
  #moved: 'not' | 'we' | 'they' | 'both' = 'not';
  #onDrained: (() => void) | undefined;
  #cause: Error | undefined;

  /** `from` is what the far side is called in the messages it sends. */
  constructor(conduit: Conduit, from: string, limits: FilledLimits, events: ChannelEvents) {
    const { stream, url, datagrams } = conduit;
    this.conduit = conduit;
    this.#from = from;
    this.#limits = limits;
    this.#events = events;
    this.#writer = new FrameWriter(stream);
    this.#splitter = new FrameSplitter(limits.maxPayloadBytes);
    this.#joiner = new PacketJoiner(limits.maxPayloadBytes + MAX_HEADER_BYTES + FRAME_PREFIX_BYTES);
    this.#maxUntakenBytes = limits.maxInFlight * (limits.maxPayloadBytes + BYTES_PER_MESSAGE);
    const periodMs = Math.max(1, limits.keepAliveMs / 3);
    this.#silence = new Silence(periodMs);
    this.#pulse = setInterval(() => this.#beat(), periodMs);
    stream.on('data', (chunk: Buffer) => this.#hear(chunk));
    stream.on('error', (error) => (this.#cause ??= farSideFault(url, error)));
    stream.once('close', () => this.#end());
    datagrams?.onPacket((packet) => this.#takePacket(packet));
  }

  /** Time there and back by the last answer. */
  get latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  /** Lets the far side in. */
  welcome(): void {
    this.#writer.writeAck(WELCOME);
    this.#ping();
  }

  /** Sends it; it is settled with the acknowledgement. Gives its number. Throws when the connection is gone or MESSAGE_INVALID. */
  send(message: Message, waiting: Unacknowledged): number {
    if (this.conduit.stream.destroyed) throw this.#gone();
    const id = this.#nextId();
    this.#writer.writeData(id, message);
    this.#unacknowledged.set(id, waiting);
    return id;
  }

  /** Nobody waits for that acknowledgement any more. */
  forget(id: number): void {
    this.#take(id);
  }

  /** Sends without an answer and without a wait. False when it was dropped, because too much is on its way already. */
  sendUnreliable(message: Message): boolean {
    const { stream, datagrams } = this.conduit;
    if (stream.destroyed) return false;
    const frame = { type: 'data', id: WELCOME, message } as const;
    if (datagrams === undefined) {
      if (stream.writableNeedDrain) return false;
      this.#writer.writeData(WELCOME, message);
      return true;
    }
    this.#lastPacketId = (this.#lastPacketId + 1) >>> 0;
    const packets = cutPackets(this.#lastPacketId, encodeFrame(frame), datagrams.maxBytes);
    return packets.every((packet) => datagrams.send(packet));
  }

  /** Resolves when nothing waits for its acknowledgement; that must not be called while more is being sent. */
  drained(): Promise<void> {
    if (this.#unacknowledged.size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#onDrained = resolve));
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
    this.#closing = true;
    this.#cause ??= cause;
    this.#writer.flush();
    const { stream } = this.conduit;
    if (stream.writableFinished) stream.destroy();
    else {
      stream.once('finish', () => stream.destroy());
      stream.end();
    }
  }

  #hear(chunk: Buffer): void {
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
        if (frame.id === WELCOME) {
          this.#events.welcome();
          this.#ping();
        } else if (frame.id === this.#pingId) this.#ponged();
        else this.#take(frame.id)?.settle();
        return;
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
        this.close(new Fault('MESSAGE_INVALID', { problem: frame.problem }));
        return;
    }
  }

  #receive(id: number, message: Message): void {
    const problem = message.topic === this.#goodTopic ? undefined : topicProblem(message.topic);
    if (problem !== undefined) {
      this.#refuse(id, new Fault('MESSAGE_INVALID', { problem }));
      return;
    }
    this.#goodTopic = message.topic;
    const { stream } = this.conduit;
    const bytes = message.payload.byteLength + BYTES_PER_MESSAGE;
    const room = this.#events.message(Object.assign(message, { from: this.#from }));
    if (room === undefined) {
      if (id !== WELCOME) this.#writer.writeAck(id);
      return;
    }
    this.#untakenBytes += bytes;
    if (this.#untakenBytes > this.#maxUntakenBytes) stream.pause();
    // The promise of a reader never rejects.
    void room.then(() => {
      this.#untakenBytes -= bytes;
      if (id !== WELCOME && !stream.destroyed) this.#writer.writeAck(id);
      if (stream.isPaused() && this.#untakenBytes <= this.#maxUntakenBytes) stream.resume();
    });
  }

  #takePacket(packet: Buffer): void {
    if (this.#closing || this.#untakenBytes > this.#maxUntakenBytes) return;
    const joined = this.#joiner.push(packet);
    if (joined === undefined) return;
    if (typeof joined === 'string') {
      this.#events.malformed?.(joined);
      return;
    }
    const frame = decodeFrame(joined, this.#limits.maxPayloadBytes);
    if (frame.type === 'data' && topicProblem(frame.message.topic) === undefined) this.#receive(WELCOME, frame.message);
    else this.#events.malformed?.(frame.type === 'malformed' ? frame.problem : `a packet with ${frame.type}`);
  }

  #refuse(id: number, { code, message }: Fault): void {
    if (id !== WELCOME) this.#writer.write({ type: 'refuse', id, code, reason: message });
  }

  #refused(id: number, code: string, answer: string): void {
    const { stream, url } = this.conduit;
    if (id !== WELCOME) {
      this.#take(id)?.settle(new Fault('FAR_SIDE_REFUSED', { url, answer }));
    } else if (code === MOVED) {
      this.#moved = this.#moved === 'we' ? 'both' : 'they';
      this.#leaveIfMoved();
    } else {
      this.#closing = true;
      this.#cause ??= new Fault('LINK_REFUSED', { url, answer });
      stream.destroy();
    }
  }

  #leaveIfMoved(): void {
    if (this.#moved === 'both') this.close();
  }

  #take(id: number): Unacknowledged | undefined {
    const waiting = this.#unacknowledged.get(id);
    this.#unacknowledged.delete(id);
    if (this.#unacknowledged.size === 0) this.#onDrained?.();
    return waiting;
  }

  #nextId(): number {
    this.#lastId = this.#lastId === LAST_ID ? WELCOME + 1 : this.#lastId + 1;
    return this.#lastId;
  }

  #beat(): void {
    const silentMs = this.#silence.look();
    const { stream } = this.conduit;
    // What we do not read ourselves is no silence of the far side.
    if (silentMs > this.#limits.keepAliveMs && !stream.isPaused()) {
      stream.destroy(new Error(`silent for ${Math.round(silentMs)} ms`));
    } else if (!stream.writableNeedDrain) this.#ping();
  }

  #ping(): void {
    this.#pingId = this.#nextId();
    this.#pingedAt = performance.now();
    this.#writer.write({ type: 'ping', id: this.#pingId });
  }

  #ponged(): void {
    this.#pingId = undefined;
    this.#latencyMs = performance.now() - this.#pingedAt;
    this.#events.latency?.(this.#latencyMs);
  }

  #gone(): Error {
    return this.#cause ?? farSideFault(this.conduit.url, new Error('the far side closed the connection'));
  }

  #end(): void {
    clearInterval(this.#pulse);
    const cause = this.#gone();
    const lost = [...this.#unacknowledged.values()];
    this.#unacknowledged.clear();
    for (const waiting of lost) waiting.settle(cause);
    this.#onDrained?.();
    this.#events.gone(cause);
  }
}
