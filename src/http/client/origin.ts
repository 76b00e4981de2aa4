import type { Socket } from 'node:net';
import { proxyAuthorization } from '../../endpoint/proxy.ts';
import { Breaker } from './breaker.ts';
import { dial, type Way } from './dial.ts';
import type { Ending } from './ending.ts';
import { ExchangeFailure, type Head, type Outgoing } from './exchange.ts';
import { Gate } from './gate.ts';
import { exchangeOverHttp1, type Http1Way } from './http1-exchange.ts';
import { Http2Connection } from './http2-connection.ts';
import { Http1Pool } from './http1-pool.ts';
import type { HttpClientSettings } from './settings.ts';

type Protocol = 'h2' | 'http/1.1';

/** All connections to one origin, how many may use them, and whether they do any good. */
export class Origin {
  readonly gate: Gate;
  readonly breaker: Breaker;
  readonly #url: URL;
  readonly #settings: HttpClientSettings;
  readonly #verify: boolean;
  readonly #proxy: URL | undefined;
  readonly #life = new AbortController();
  readonly #sessions = new Set<Http2Connection>();
  #protocol: Protocol | undefined;
  #session: Http2Connection | undefined;
  #opening: Promise<void> | undefined;
  #pool: Http1Pool | undefined;

  constructor(url: URL, verify: boolean, settings: HttpClientSettings, onChange: () => void) {
    this.#url = new URL(url.origin);
    this.#verify = verify;
    this.#settings = settings;
    this.#proxy = settings.proxyFor(this.#url);
    this.gate = new Gate(url.origin, settings.maxInFlight, settings.maxWaiting);
    this.breaker = new Breaker(url.origin, settings, onChange);
    this.#protocol = this.#known();
  }

  /** Nobody would miss it. */
  get idle(): boolean {
    return this.gate.inside === 0 && this.gate.waiting === 0 && this.breaker.state.name === 'closed';
  }

  async exchange(outgoing: Outgoing, ending: Ending): Promise<Head> {
    if (this.#protocol === undefined || (this.#protocol === 'h2' && this.#session?.usable !== true)) {
      await this.#opened(ending);
    }
    const session = this.#session;
    if (this.#protocol === 'http/1.1' || session === undefined) return this.#overHttp1(outgoing, ending);
    try {
      return await session.exchange(outgoing, ending);
    } catch (error) {
      if (!(error instanceof ExchangeFailure && error.wantsHttp1) || this.#settings.protocol === 'h2') throw error;
      this.#protocol = 'http/1.1';
      return this.#overHttp1(outgoing, ending);
    } finally {
      if (!this.#settings.keepAlive) session.retire();
    }
  }

  close(): void {
    this.#life.abort();
    for (const session of this.#sessions) session.destroy();
    this.#pool?.destroy();
  }

  /** What the protocol must be, as far as nobody has to be asked. */
  #known(): Protocol | undefined {
    const { protocol } = this.#settings;
    if (protocol !== 'auto') return protocol;
    return this.#url.protocol === 'http:' ? 'http/1.1' : undefined;
  }

  /** One connection serves all who wait for the first: who gives up does not end it for the others. */
  async #opened(ending: Ending): Promise<void> {
    const opening = (this.#opening ??= this.#open().finally(() => (this.#opening = undefined)));
    const { promise, reject } = Promise.withResolvers<never>();
    const onEnd = (): void => reject(ending.reason);
    ending.onEnd(onEnd);
    try {
      await Promise.race([opening, promise]);
    } finally {
      ending.forget(onEnd);
    }
  }

  async #open(): Promise<void> {
    const wanted = this.#known();
    const socket = await dial(this.#way(wanted === undefined ? ['h2', 'http/1.1'] : [wanted]));
    const agreed = 'alpnProtocol' in socket ? socket.alpnProtocol : false;
    this.#protocol = wanted ?? (agreed === 'h2' ? 'h2' : 'http/1.1');
    if (this.#protocol === 'h2') this.#useSession(socket);
    else this.#http1Pool().give(socket);
  }

  #useSession(socket: Socket): void {
    const { maxInFlight } = this.#settings;
    const session = new Http2Connection(socket, this.#url.origin, this.#settings, {
      onRoom: (streams) => (this.gate.limit = Math.min(maxInFlight, streams)),
      onLeave: () => {
        if (this.#session === session) this.#session = undefined;
      },
      onClosed: () => void this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    this.#session = session;
  }

  #overHttp1(outgoing: Outgoing, ending: Ending): Promise<Head> {
    const { insecureParser, maxHeaderBytes, headersTimeoutMs } = this.#settings;
    const absoluteForm = this.#absoluteForm;
    const way: Http1Way = {
      agent: this.#http1Pool(),
      insecureParser,
      maxHeaderBytes,
      absoluteForm,
      proxyAuthorization: absoluteForm && this.#proxy !== undefined ? proxyAuthorization(this.#proxy) : undefined,
    };
    return exchangeOverHttp1(way, outgoing, headersTimeoutMs, ending);
  }

  #http1Pool(): Http1Pool {
    const { keepAlive, idleTimeoutMs } = this.#settings;
    return (this.#pool ??= new Http1Pool(() => dial(this.#way(['http/1.1'])), keepAlive, idleTimeoutMs));
  }

  get #absoluteForm(): boolean {
    return this.#proxy !== undefined && this.#url.protocol === 'http:' && this.#settings.protocol !== 'h2';
  }

  #way(offer: readonly Protocol[]): Way {
    const { secureContext, servername, connectTimeoutMs } = this.#settings;
    return {
      url: this.#url,
      proxy: this.#proxy,
      absoluteForm: this.#absoluteForm,
      offer,
      secureContext,
      servername,
      verify: this.#verify,
      timeoutMs: connectTimeoutMs,
      signal: this.#life.signal,
    };
  }
}
