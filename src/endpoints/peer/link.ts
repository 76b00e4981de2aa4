import type { Link, ReadOptions } from '../../endpoint/endpoint.ts';
import { fillLimits, type FilledLimits } from '../../endpoint/limits.ts';
import { LinkLife } from '../../endpoint/link-life.ts';
import type { LinkState } from '../../endpoint/link-state.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import type { Traits } from '../../endpoint/traits.ts';
import { Fault } from '../../fault.ts';
import { Channel } from './channel.ts';
import type { Conduit } from './conduit.ts';
import { parsePin } from './fingerprint.ts';
import { Outbox } from './outbox.ts';
import { PresenceTeller, type PeerInfo, type Presence } from './presence.ts';
import { Refusals } from './refusals.ts';
import type { PeerLinkSettings } from './settings.ts';
import type { PeerSendOptions, PeerSide } from './side.ts';
import { peerTraits, traitsOf } from './traits.ts';
import { upgradePauses, Ways, type Opened } from './ways.ts';

/** The connecting end of a peer link. Throws SETTINGS_INVALID for an address or a pin that is none, and for no way at all. */
export class PeerLink implements Link, PeerSide {
  readonly url: string;
  readonly #settings: PeerLinkSettings;
  readonly #limits: FilledLimits;
  readonly #pin: string;
  readonly #readers = new Readers();
  readonly #outbox: Outbox;
  readonly #life: LinkLife;
  readonly #ways: Ways;
  readonly #presence = new PresenceTeller();
  readonly #refusals: Refusals;
  readonly #channels = new Set<Channel>();
  #channel: Channel | undefined;
  #session = '';
  #attempt = new AbortController();
  #dialling: Promise<void> = Promise.resolve();

  constructor(settings: PeerLinkSettings) {
    this.#pin = parsePin(settings.pin);
    this.url = urlOf(settings, this.#pin);
    this.#settings = settings;
    this.#limits = fillLimits(settings);
    this.#outbox = new Outbox(this.url, this.#limits);
    this.#refusals = new Refusals(settings.onRefusal);
    this.#ways = new Ways(settings, this.url, this.#pin, this.#limits, (source, problem) =>
      this.#refusals.add(source, problem),
    );
    this.#life = new LinkLife(this.url, this.#limits, () => {
      this.#dialling = this.#dial();
    });
    this.#life.start();
  }

  get state(): LinkState {
    return this.#life.state;
  }

  get traits(): Traits {
    return this.#channel === undefined ? peerTraits : traitsOf(this.#channel.conduit.path);
  }

  /** Signals that were not heard so far: forged, repeated, malformed. */
  get refused(): number {
    return this.#refusals.count;
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#life.onState(listener);
  }

  ready(signal?: AbortSignal): Promise<void> {
    return this.#life.ready(signal);
  }

  receive(options?: ReadOptions): AsyncIterableIterator<ReceivedMessage> {
    return this.#readers.receive(options);
  }

  peers(): PeerInfo[] {
    return this.#channel === undefined || this.state.name !== 'up' ? [] : [this.#infoOf(this.#channel)];
  }

  onPresence(listener: (presence: Presence) => void): () => void {
    return this.#presence.on(listener);
  }

  send(message: Message, options: PeerSendOptions = {}): Promise<void> {
    const { to } = options;
    if (to !== undefined && !to.some((name) => name === this.#pin || name === this.#nameOf(this.#channel))) {
      return Promise.reject(new Fault('PEER_UNKNOWN', { peer: to.join(', ') }));
    }
    return this.#outbox.send(message, options);
  }

  async close(): Promise<void> {
    if (this.#life.close()) {
      this.#attempt.abort(new Fault('LINK_CLOSED', { url: this.url }));
      this.#outbox.close();
      this.#readers.close();
      if (this.#channel !== undefined) this.#presence.tell('left', this.#infoOf(this.#channel));
      this.#presence.close();
    }
    const streams = [...this.#channels].map(({ conduit }) => conduit.stream);
    const closed = streams.map((stream) => new Promise((resolve) => stream.once('close', resolve)));
    for (const channel of this.#channels) {
      channel.close();
      channel.conduit.stream.destroy();
    }
    await Promise.all([...closed, this.#dialling, this.#settings.post?.close(), this.#settings.relay?.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Never rejects: what goes wrong is told to the life of the link. */
  async #dial(): Promise<void> {
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    try {
      this.#use(await this.#ways.open(signal));
    } catch (error) {
      this.#lost(error as Error);
    }
  }

  #use({ conduit, session }: Opened): void {
    if (this.#life.closed) {
      conduit.stream.destroy();
      return;
    }
    const channel = this.#open(conduit, () => {
      this.#life.up();
      this.#outbox.open(channel);
      this.#presence.tell('joined', this.#infoOf(channel));
      if (conduit.path === 'relayed' && this.#ways.canUpgrade) void this.#upgrade();
    });
    this.#channel = channel;
    this.#session = session;
  }

  /** A channel that has to be let in within `keepAliveMs`. */
  #open(conduit: Conduit, onWelcome: () => void): Channel {
    const overdue = setTimeout(() => conduit.stream.destroy(new Error('no welcome in time')), this.#limits.keepAliveMs);
    let welcome = false;
    const channel = new Channel(conduit, this.#nameOf(undefined) || conduit.farSide.name, this.#limits, {
      welcome: () => {
        clearTimeout(overdue);
        if (!welcome) onWelcome();
        welcome = true;
      },
      message: (message) => this.#readers.offer(message),
      latency: () => this.#presence.tell('latency', this.#infoOf(channel)),
      malformed: (problem) => this.#refusals.add(this.#pin, problem),
      gone: (cause) => {
        clearTimeout(overdue);
        this.#channels.delete(channel);
        if (this.#channel !== channel) return;
        if (welcome && this.state.name === 'up') this.#presence.tell('left', this.#infoOf(channel));
        this.#lost(cause);
      },
    });
    this.#channels.add(channel);
    return channel;
  }

  #lost(cause: Error): void {
    this.#channel = undefined;
    this.#attempt.abort(cause);
    this.#outbox.lose(cause);
    this.#life.lost(cause);
  }

  /** Tries a direct path for as long as the link is relayed. */
  async #upgrade(): Promise<void> {
    const { signal } = this.#attempt;
    for await (const _turn of upgradePauses(this.#settings, signal)) {
      const opened = await this.#ways.upgrade(this.#session, signal).catch(() => undefined);
      if (opened === undefined) continue;
      if (signal.aborted) opened.conduit.stream.destroy();
      else if (await this.#switch(opened.conduit)) return;
    }
  }

  /** Goes on by another conduit. What is under way comes to its end first, so nothing is overtaken or lost. */
  async #switch(conduit: Conduit): Promise<boolean> {
    const welcomed = Promise.withResolvers<boolean>();
    conduit.stream.once('close', () => welcomed.resolve(false));
    const channel = this.#open(conduit, () => welcomed.resolve(true));
    const old = this.#channel;
    if (!(await welcomed.promise) || old === undefined) {
      conduit.stream.destroy();
      return false;
    }
    this.#outbox.hold();
    await old.drained();
    if (this.#channel !== old || conduit.stream.destroyed) {
      conduit.stream.destroy();
      if (this.#channel === old) this.#outbox.open(old);
      return false;
    }
    this.#channel = channel;
    old.move();
    this.#outbox.open(channel);
    this.#presence.tell('path', this.#infoOf(channel));
    return true;
  }

  #nameOf(channel: Channel | undefined): string {
    return this.#settings.name ?? channel?.conduit.farSide.name ?? '';
  }

  #infoOf(channel: Channel): PeerInfo {
    const { path } = channel.conduit;
    return { name: this.#nameOf(channel), fingerprint: this.#pin, path, latencyMs: channel.latencyMs };
  }
}

function urlOf({ url, discover, post, relay }: PeerLinkSettings, pin: string): string {
  if (url !== undefined) {
    const parsed = URL.parse(url);
    if (parsed?.protocol === 'peer:' && parsed.hostname !== '' && parsed.port !== '') return parsed.href;
    throw new Fault('SETTINGS_INVALID', { problems: `${JSON.stringify(url)} is no address like peer://host:port` });
  }
  const by = post ?? relay;
  if (by !== undefined) return `peer://${URL.parse(by.url)?.host ?? 'invite'}/${pin.slice(0, 16)}`;
  if (discover === true) return `peer://${pin.slice(0, 16)}`;
  throw new Fault('SETTINGS_INVALID', { problems: 'neither an address nor another way to find the peer' });
}
