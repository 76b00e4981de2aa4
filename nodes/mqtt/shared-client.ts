import type { LinkState } from '../../src/endpoint/link-state.ts';
import {
  MqttClient,
  type MqttClientSettings,
  type MqttSubscription,
  type OnHeld,
  type Outgoing,
  type PublishOptions,
  type SubscribeOptions,
} from '../../src/endpoints/mqtt/index.ts';
import { Fault } from '../../src/fault.ts';
import type { ProtocolLevel, PublishView } from '../../src/wire/mqtt/index.ts';
import { overriddenBy } from './overrides.ts';
import type { MqttSide } from './side.ts';

/** What the nodes of one link share, besides what its client needs. */
export interface SharedSettings extends MqttClientSettings {
  readonly autoConnect: boolean;
  /** End subscriptions of nodes that close also where the session is kept. */
  readonly autoUnsubscribe: boolean;
}

/** One node's subscription, which outlives connects by wish. */
interface Place {
  readonly filter: string;
  readonly options: SubscribeOptions;
  readonly onMessage: (view: PublishView) => void;
  readonly onHeld: OnHeld | undefined;
  subscription: MqttSubscription | undefined;
}

/** The client that the nodes of one link share: one connection, which messages can open, close and change. */
export class SharedClient implements MqttSide, AsyncDisposable {
  readonly direct = false;
  readonly #stored: SharedSettings;
  readonly #places = new Set<Place>();
  readonly #listeners = new Set<(state: LinkState) => void>();
  #settings: SharedSettings;
  #local: boolean;
  #client: MqttClient | undefined;
  readonly #whenAllAreHere: (dial: () => void) => void;
  #changing: Promise<void> = Promise.resolve();
  #closed = false;
  #leaving = false;

  /** `whenAllAreHere` calls back when those who subscribe from the start have done so. Throws TypeError for a URL that is none. */
  constructor(settings: SharedSettings, whenAllAreHere: (dial: () => void) => void) {
    this.#whenAllAreHere = whenAllAreHere;
    this.#stored = settings;
    this.#settings = settings;
    this.#local = isLocal(settings);
    if (settings.autoConnect) this.#open(settings);
  }

  get url(): string {
    return this.#client?.url ?? this.#settings.url;
  }

  get local(): boolean {
    return this.#local;
  }

  get level(): ProtocolLevel {
    return this.#settings.level ?? 5;
  }

  get from(): string {
    return this.#client?.from ?? this.url;
  }

  get state(): LinkState {
    return this.#client?.state ?? { name: 'closed' };
  }

  get responsePrefix(): string {
    const { properties, clientId } = this.#client ?? {};
    return properties?.responseInformation ?? `reply/${properties?.assignedClientIdentifier ?? clientId ?? 'nobody'}`;
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(topic: string, payload: Uint8Array, options: PublishOptions): Outgoing | undefined {
    if (this.#client === undefined) throw new Fault('LINK_CLOSED', { url: this.url });
    return this.#client.publish(topic, payload, options);
  }

  /** Called while a message is handed out: see `MqttClient.holdAcknowledgement`. */
  holdAcknowledgement(): () => void {
    return this.#client?.holdAcknowledgement() ?? (() => undefined);
  }

  subscribe(
    filter: string,
    options: SubscribeOptions,
    onMessage: (view: PublishView) => void,
    onHeld?: OnHeld,
  ): MqttSubscription {
    const place: Place = { filter, options, onMessage, onHeld, subscription: undefined };
    if (this.#client !== undefined) subscribeAt(this.#client, place);
    this.#places.add(place);
    return {
      end: async (keep = false) => {
        this.#places.delete(place);
        const { sessionExpirySeconds = 0, autoUnsubscribe } = this.#settings;
        await place.subscription?.end(keep && sessionExpirySeconds > 0 && !autoUnsubscribe);
      },
    };
  }

  ready(signal?: AbortSignal): Promise<void> {
    return this.#client?.ready(signal) ?? Promise.reject(new Fault('LINK_CLOSED', { url: this.url }));
  }

  /**
   * Connects, when it is not connected; `broker` may change the settings, and with `force` an open connection is opened
   * again. Throws SETTINGS_INVALID.
   */
  connect(broker: unknown): Promise<void> {
    const { force, settings } = overriddenBy(this.#stored, broker);
    return this.#change(async () => {
      if (this.#client !== undefined && !force) return;
      await this.#leave();
      this.#open(settings);
    });
  }

  disconnect(): Promise<void> {
    return this.#change(() => this.#leave());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#changing;
    await this.#leave();
  }

  /** One after the other: two clients of one client id would push each other out. */
  #change(act: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(() => (this.#closed ? undefined : act()));
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  #open(settings: SharedSettings): void {
    const client = new MqttClient(settings);
    this.#settings = settings;
    this.#local = isLocal(settings);
    this.#client = client;
    for (const place of this.#places) subscribeAt(client, place);
    client.onState((state) => {
      for (const listener of this.#listeners) listener(state);
    });
    // A session that was kept has messages for them.
    this.#whenAllAreHere(() => {
      if (this.#client === client && !this.#leaving) client.start();
    });
    for (const listener of this.#listeners) listener(client.state);
  }

  async #leave(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#leaving = true;
    await client.close();
    this.#leaving = false;
    this.#client = undefined;
    for (const place of this.#places) place.subscription = undefined;
  }
}

function subscribeAt(client: MqttClient, place: Place): void {
  place.subscription = client.subscribe(place.filter, place.options, place.onMessage, place.onHeld);
}

const isLocal = ({ url }: SharedSettings): boolean => LOCAL.has(new URL(url).hostname);

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);
