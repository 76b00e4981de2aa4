import type { IncomingMessage } from 'node:http';
import { mayTakeMs } from '../http/body-time.ts';
import { beginRequest, requestBytes } from '../http/request-bytes.ts';

export interface SlowBodyLimits {
  readonly requestMs: number;
  readonly minBodyBytesPerSecond: number;
}

/** Requests of node:http whose body is still to come: its own limit knows nothing but the time for all of it, however large. */
export class SlowBodies {
  readonly #limits: SlowBodyLimits;
  readonly #onSlow: (request: IncomingMessage) => void;
  /** Since when each of them is read. */
  readonly #reading = new Map<IncomingMessage, number>();
  #lookedAt = performance.now();

  constructor(limits: SlowBodyLimits, onSlow: (request: IncomingMessage) => void) {
    this.#limits = limits;
    this.#onSlow = onSlow;
  }

  add(request: IncomingMessage): void {
    const { headers, socket } = request;
    if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) return;
    this.#reading.set(request, performance.now());
    request.once('close', () => {
      this.#reading.delete(request);
      beginRequest(socket, socket.bytesRead);
    });
  }

  /** Called now and then. */
  check(): void {
    const { requestMs, minBodyBytesPerSecond } = this.#limits;
    const now = performance.now();
    for (const [request, since] of this.#reading) {
      const { socket, complete, readableLength, readableHighWaterMark } = request;
      if (complete) this.#reading.delete(request);
      // Nobody reads it here: that is no fault of who sends it.
      else if (readableLength >= readableHighWaterMark) this.#reading.set(request, since + now - this.#lookedAt);
      else if (now - since > mayTakeMs(requestMs, requestBytes(socket), minBodyBytesPerSecond)) {
        this.#reading.delete(request);
        this.#onSlow(request);
      }
    }
    this.#lookedAt = now;
  }
}
