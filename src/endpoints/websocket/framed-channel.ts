import { decodeFrame, encodeFrame, type Frame } from '../../endpoint/frame.ts';
import type { FilledLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { topicProblem } from '../../endpoint/topic.ts';
import { Fault } from '../../fault.ts';
import { IntMap } from '../../int-map.ts';
import { closeCodes } from '../../wire/websocket/index.ts';
import type { Connection } from './connection.ts';
import type { Outgoing } from './outgoing.ts';
import { Packed } from './packed.ts';

export interface ChannelSettings {
  readonly connection: Connection;
  readonly url: string;
  /** Name of the far side. */
  readonly from: string;
  readonly limits: FilledLimits;
  /** Takes a message; a promise resolves when the readers have room. */
  readonly take: (message: ReceivedMessage, id: number) => Promise<void> | undefined;
  /** Why the far side may not publish there. */
  readonly refusal: (topic: string) => Fault | undefined;
}

interface Unacknowledged {
  readonly sizeBytes: number;
  readonly settle: (error?: Error) => void;
}

/** Both sides speak `chartwire.v1`: every message is acknowledged or refused by its number. */
export class FramedChannel {
  readonly #settings: ChannelSettings;
  readonly #unacknowledged = new IntMap<Unacknowledged>();
  #owesSince: number | undefined;
  #held = 0;
  #heldBytes = 0;

  constructor(settings: ChannelSettings) {
    this.#settings = settings;
  }

  /** Since when (performance.now()) the far side owes us a sign that it takes what we send. */
  get owesSince(): number | undefined {
    return this.#owesSince;
  }

  /** Calls back when the far side has taken it, refuses it, or the connection ends before. Gives what forgets it. */
  send(outgoing: Outgoing, settled: (error?: Error) => void): () => void {
    const { connection } = this.#settings;
    const { id, framed, message } = outgoing;
    const forget = (): void => void this.#unacknowledged.delete(id);
    const settle = (error?: Error): void => {
      if (!this.#unacknowledged.has(id)) return;
      forget();
      settled(error);
    };
    this.#unacknowledged.set(id, { sizeBytes: message.payload.byteLength, settle });
    this.#owesSince ??= performance.now();
    connection.send(framed, (fault) => {
      if (fault !== undefined) settle(fault.code === 'FAR_SIDE_GONE' ? this.#gone() : fault);
    });
    return forget;
  }

  /** One message of the WebSocket. */
  take(payload: Buffer, isText: boolean): void {
    const frame = isText
      ? { type: 'malformed' as const, problem: 'text' }
      : decodeFrame(payload, this.#settings.limits.maxPayloadBytes);
    switch (frame.type) {
      case 'data':
        this.#takeMessage(frame.id, frame.message);
        break;
      case 'ack':
        this.#hear();
        this.#unacknowledged.get(frame.id)?.settle();
        break;
      case 'refuse':
        this.#hear();
        this.#takeRefusal(frame);
        break;
      case 'ping':
        this.#answer({ type: 'ack', id: frame.id });
        break;
      case 'oversize': {
        const { maxPayloadBytes: limitBytes } = this.#settings.limits;
        this.#refuse(frame.id, new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: frame.sizeBytes, limitBytes }));
        break;
      }
      case 'malformed':
        this.#settings.connection.close(closeCodes.malformed, frame.problem);
    }
  }

  /** The connection has ended. A far side that closes with `oversize` meant the largest of what is under way. */
  lose(code: number): void {
    const all = this.#unacknowledged.values();
    const largest = code === closeCodes.oversize ? Math.max(...all.map(({ sizeBytes }) => sizeBytes)) : undefined;
    for (const { sizeBytes, settle } of all) {
      if (sizeBytes === largest) settle(new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes: 'the far side' }));
      else settle(this.#gone());
    }
  }

  #takeMessage(id: number, message: Message): void {
    // What cannot be acknowledged any more is not taken: its sender will send it again.
    const { connection, limits, refusal, take, from } = this.#settings;
    if (!connection.isOpen) return;
    const problem = topicProblem(message.topic);
    const fault = problem === undefined ? refusal(message.topic) : new Fault('MESSAGE_INVALID', { problem });
    if (fault !== undefined) {
      this.#refuse(id, fault);
      return;
    }
    const sizeBytes = message.payload.byteLength;
    if (this.#held >= limits.maxWaiting || this.#heldBytes > limits.maxInFlight * limits.maxPayloadBytes) {
      connection.close(closeCodes.overload, 'it sends on without waiting for acknowledgements');
      return;
    }
    const room = take({ ...message, from }, id);
    if (room === undefined) {
      this.#answer({ type: 'ack', id });
      return;
    }
    this.#held += 1;
    this.#heldBytes += sizeBytes;
    void room.then(() => {
      this.#held -= 1;
      this.#heldBytes -= sizeBytes;
      this.#answer({ type: 'ack', id });
    });
  }

  #takeRefusal({ id, code, reason }: Frame & { type: 'refuse' }): void {
    const sending = this.#unacknowledged.get(id);
    if (sending === undefined) return;
    const { sizeBytes, settle } = sending;
    if (code === 'PAYLOAD_TOO_LARGE') settle(new Fault(code, { sizeBytes, limitBytes: 'the far side' }));
    else settle(new Fault('FAR_SIDE_REFUSED', { url: this.#settings.url, answer: `${code}: ${reason}` }));
  }

  #refuse(id: number, { code, message }: Fault): void {
    this.#answer({ type: 'refuse', id, code, reason: message.slice(0, 1_000) });
  }

  #answer(frame: Frame): void {
    this.#settings.connection.send(new Packed(encodeFrame(frame), false));
  }

  /** The far side takes something: it owes nothing, or only what is still under way. */
  #hear(): void {
    this.#owesSince = this.#unacknowledged.size > 1 ? performance.now() : undefined;
  }

  #gone(): Fault {
    return new Fault('FAR_SIDE_GONE', { url: this.#settings.url });
  }
}
