import { Silence } from '../../../endpoint/silence.ts';
import type { Transport } from './dial.ts';

interface KeepAliveActions {
  ping(): void;
  /** Nothing has come for one and a half keep alives. */
  silent(): void;
  /** True while we do not read: then silence is our own doing. */
  reading(): boolean;
}

/** How often a keep alive looks. */
const LOOKS = 4;

/**
 * Pings when nothing was written or read for three quarters of the keep alive, and tells silence after one and a half: so a
 * connection that is open on our side only is found whether or not we publish. Costs nothing per packet.
 */
export class KeepAlive {
  readonly #socket: Transport['socket'];
  readonly #actions: KeepAliveActions;
  readonly #keepAliveMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #silence: Silence;
  #read: number;
  #written: number;
  #writtenAt: number;
  #pinged = false;

  /** `seconds` of 0 switches it off (MQTT 5, 3.1.2.10). */
  constructor(socket: Transport['socket'], seconds: number, actions: KeepAliveActions) {
    this.#socket = socket;
    this.#actions = actions;
    this.#keepAliveMs = seconds * 1000;
    this.#read = socket.bytesRead;
    this.#written = socket.bytesWritten;
    this.#writtenAt = performance.now();
    const periodMs = Math.max(50, this.#keepAliveMs / LOOKS);
    this.#silence = new Silence(periodMs);
    this.#timer = setInterval(() => this.#look(), periodMs);
    if (seconds === 0) clearInterval(this.#timer);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const { bytesRead, bytesWritten } = this.#socket;
    if (bytesRead !== this.#read || !this.#actions.reading()) {
      this.#read = bytesRead;
      this.#silence.hear();
      this.#pinged = false;
    }
    if (bytesWritten !== this.#written) {
      this.#written = bytesWritten;
      this.#writtenAt = now;
    }
    const silentMs = this.#silence.look();
    if (silentMs > this.#keepAliveMs * 1.5) {
      this.#actions.silent();
      return;
    }
    const quiet = this.#keepAliveMs * 0.7;
    if (now - this.#writtenAt < quiet && (this.#pinged || silentMs < quiet)) return;
    this.#pinged = true;
    this.#actions.ping();
  }
}
