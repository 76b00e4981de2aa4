import { connect, type ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { Silence } from '../../endpoint/silence.ts';
import { Fault } from '../../fault.ts';
import type { Ending } from './ending.ts';
import { exchangeOverHttp2 } from './http2-exchange.ts';
import type { Head, Outgoing } from './exchange.ts';
import type { ClientLimits } from './limits.ts';

/** PINGs to a far side within the longest silence it may keep. */
const PINGS_PER_SILENCE = 3;
/** Room for what far sides send at once: the default of 64 KiB holds up every large response. */
const WINDOW_BYTES = 1_048_576;

export interface ConnectionNews {
  /** How many streams the far side takes at once. */
  readonly onRoom: (streams: number) => void;
  /** No new exchange may start here. */
  readonly onLeave: () => void;
  readonly onClosed: () => void;
}

/** One HTTP/2 session over an open socket: many exchanges at once. */
export class Http2Connection {
  readonly #session: ClientHttp2Session;
  readonly #origin: string;
  readonly #limits: ClientLimits;
  readonly #onLeave: () => void;
  readonly #watch: NodeJS.Timeout;
  readonly #silence: Silence;
  #lastProcessed = Infinity;
  #idle: NodeJS.Timeout | undefined;
  #active = 0;
  #gone = false;
  readonly #done = (): void => {
    this.#active -= 1;
    if (this.#active > 0) return;
    if (this.#gone) this.#session.close();
    else this.#rest();
  };

  constructor(socket: Socket, origin: string, limits: ClientLimits, news: ConnectionNews) {
    const pingMs = limits.keepAliveMs / PINGS_PER_SILENCE;
    this.#origin = origin;
    this.#limits = limits;
    this.#silence = new Silence(pingMs);
    this.#onLeave = news.onLeave;
    this.#session = connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: WINDOW_BYTES, maxHeaderListSize: limits.maxHeaderBytes },
    });
    this.#session.once('connect', () => this.#session.setLocalWindowSize(WINDOW_BYTES * 4));
    this.#session.on('remoteSettings', ({ maxConcurrentStreams }) => news.onRoom(maxConcurrentStreams ?? Infinity));
    this.#session.on('goaway', (_code, lastStreamId) => {
      this.#lastProcessed = lastStreamId;
      this.#leave();
    });
    // Each stream is told too, with the same error.
    this.#session.on('error', () => this.#leave());
    this.#session.once('close', () => {
      clearInterval(this.#watch);
      this.#leave();
      news.onClosed();
    });
    this.#watch = setInterval(() => this.#ping(), pingMs).unref();
    this.#rest();
  }

  get usable(): boolean {
    return !this.#gone && !this.#session.closed && !this.#session.destroyed;
  }

  async exchange(outgoing: Outgoing, ending: Ending): Promise<Head> {
    this.#active += 1;
    clearTimeout(this.#idle);
    try {
      const head = await exchangeOverHttp2(this.#session, () => this.#lastProcessed, outgoing, this.#limits, ending);
      head.onOver(this.#done);
      return head;
    } catch (error) {
      this.#done();
      throw error;
    }
  }

  /** What is under way goes on to its end. */
  retire(): void {
    this.#leave();
    this.#session.close();
  }

  destroy(): void {
    this.#leave();
    this.#session.destroy();
  }

  #rest(): void {
    this.#idle = setTimeout(() => this.retire(), this.#limits.idleTimeoutMs).unref();
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#idle);
    this.#onLeave();
  }

  #ping(): void {
    if (this.#active === 0 || this.#session.destroyed) return this.#silence.hear();
    if (this.#silence.look() > this.#limits.keepAliveMs) {
      this.#session.destroy(new Fault('FAR_SIDE_GONE', { url: this.#origin }, { cause: new Error('it is silent') }));
    } else if (!this.#session.connecting) this.#session.ping((error) => void (error === null && this.#silence.hear()));
  }
}
