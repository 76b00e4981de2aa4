import type { RawData, WebSocket } from 'ws';
import { decodeFrame, encodeFrame, type Frame } from '../../endpoint/frame.ts';
import type { Message } from '../../endpoint/message.ts';
import { topicProblem } from '../../endpoint/topic.ts';
import { Fault } from '../../fault.ts';
import { endSocket, type Channel, type ChannelSettings } from './channel.ts';
import { closeCodes } from './close-codes.ts';
import type { Outgoing } from './outgoing.ts';

interface Unacknowledged {
  readonly sizeBytes: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Both sides speak `chartwire.v1`: every message is acknowledged or refused by its number. */
export class FramedChannel implements Channel {
  readonly paused = false;
  readonly #socket: WebSocket;
  readonly #settings: ChannelSettings;
  readonly #unacknowledged = new Map<number, Unacknowledged>();
  #owesSince: number | undefined;
  #held = 0;
  #heldBytes = 0;

  constructor(settings: ChannelSettings) {
    this.#socket = settings.socket;
    this.#settings = settings;
    this.#socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    this.#socket.once('close', (code) => this.#lose(code));
  }

  get owesSince(): number | undefined {
    return this.#owesSince;
  }

  send({ id, frame, message }: Outgoing, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        this.#unacknowledged.delete(id);
        signal.removeEventListener('abort', onAbort);
        act();
      };
      const onAbort = (): void => settle(() => reject(signal.reason as Error));
      signal.addEventListener('abort', onAbort, { once: true });
      this.#unacknowledged.set(id, {
        sizeBytes: message.payload.byteLength,
        resolve: () => settle(resolve),
        reject: (error) => settle(() => reject(error)),
      });
      this.#owesSince ??= performance.now();
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame);
      else this.#unacknowledged.get(id)?.reject(this.#gone());
    });
  }

  #take(data: RawData, isBinary: boolean): void {
    const frame = isBinary
      ? decodeFrame(data as Buffer, this.#settings.limits.maxPayloadBytes)
      : { type: 'malformed' as const, problem: 'text' };
    switch (frame.type) {
      case 'data':
        this.#takeMessage(frame.id, frame.message);
        break;
      case 'ack':
        this.#hear();
        this.#unacknowledged.get(frame.id)?.resolve();
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
        endSocket(this.#socket, closeCodes.malformed);
    }
  }

  #takeMessage(id: number, message: Message): void {
    // What cannot be acknowledged any more is not taken: its sender will send it again.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const { limits, refusal, take, from } = this.#settings;
    const problem = topicProblem(message.topic);
    const fault = problem === undefined ? refusal(message.topic) : new Fault('MESSAGE_INVALID', { problem });
    if (fault !== undefined) {
      this.#refuse(id, fault);
      return;
    }
    const sizeBytes = message.payload.byteLength;
    if (this.#held >= limits.maxWaiting || this.#heldBytes > limits.maxInFlight * limits.maxPayloadBytes) {
      endSocket(this.#socket, closeCodes.overload);
      return;
    }
    this.#held += 1;
    this.#heldBytes += sizeBytes;
    void take({ ...message, from }).then(() => {
      this.#held -= 1;
      this.#heldBytes -= sizeBytes;
      this.#answer({ type: 'ack', id });
    });
  }

  #takeRefusal({ id, code, reason }: Frame & { type: 'refuse' }): void {
    const sending = this.#unacknowledged.get(id);
    if (sending === undefined) return;
    const { sizeBytes } = sending;
    if (code === 'PAYLOAD_TOO_LARGE') sending.reject(new Fault(code, { sizeBytes, limitBytes: 'the far side' }));
    else sending.reject(new Fault('FAR_SIDE_REFUSED', { url: this.#settings.url, answer: `${code}: ${reason}` }));
  }

  #refuse(id: number, { code, message }: Fault): void {
    this.#answer({ type: 'refuse', id, code, reason: message.slice(0, 1_000) });
  }

  #answer(frame: Frame): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(encodeFrame(frame));
  }

  /** The far side takes something: it owes nothing, or only what is still under way. */
  #hear(): void {
    this.#owesSince = this.#unacknowledged.size > 1 ? performance.now() : undefined;
  }

  /** A far side that closes with `oversize` meant the largest of what is under way. */
  #lose(code: number): void {
    const all = [...this.#unacknowledged.values()];
    const largest = code === closeCodes.oversize ? Math.max(...all.map(({ sizeBytes }) => sizeBytes)) : undefined;
    for (const { sizeBytes, reject } of all) {
      if (sizeBytes === largest) reject(new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes: 'the far side' }));
      else reject(this.#gone());
    }
  }

  #gone(): Fault {
    return new Fault('FAR_SIDE_GONE', { url: this.#settings.url });
  }
}
