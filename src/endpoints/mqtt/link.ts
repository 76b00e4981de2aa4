import { randomBytes } from 'node:crypto';
import { addressOf } from '../../address.ts';
import type { Link, ReadOptions, SendOptions } from '../../endpoint/endpoint.ts';
import { fillLimits } from '../../endpoint/limits.ts';
import { LinkLife } from '../../endpoint/link-life.ts';
import type { LinkState } from '../../endpoint/link-state.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { SendWindow } from '../../endpoint/send-window.ts';
import { Fault } from '../../fault.ts';
import { MqttConnection } from './connection.ts';
import { brokerAddress } from './dial.ts';
import type { MqttLinkSettings } from './settings.ts';
import { mqttTraits } from './traits.ts';

/** A link to an MQTT 5 broker. One client of mqtt.js per connection; life, window and readers outlive them. */
export class MqttLink implements Link {
  readonly url: string;
  readonly traits = mqttTraits;
  readonly #readers = new Readers();
  readonly #window: SendWindow;
  readonly #life: LinkLife;
  #connection: MqttConnection | undefined;
  #ended: Promise<void> | undefined;

  constructor(settings: MqttLinkSettings) {
    const { host, port } = brokerAddress(settings.url);
    this.url = `mqtts://${addressOf(host, port)}`;
    const limits = fillLimits(settings);
    const clientId = settings.clientId ?? `chartwire-${randomBytes(8).toString('hex')}`;
    this.#window = new SendWindow(this.url, limits);
    this.#life = new LinkLife(this.url, limits, () => {
      this.#connection = new MqttConnection({ ...settings, url: this.url }, limits, clientId, {
        up: () => {
          this.#life.up();
          this.#window.open();
        },
        message: (message) => this.#readers.push(message),
        gone: (cause) => {
          this.#connection = undefined;
          this.#window.loseInFlight(cause);
          this.#life.lost(cause);
        },
      });
    });
    this.#life.start();
  }

  get state(): LinkState {
    return this.#life.state;
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

  send(message: Message, options?: SendOptions): Promise<void> {
    const transmit = async (signal: AbortSignal): Promise<void> => {
      if (this.#connection === undefined) throw new Fault('FAR_SIDE_GONE', { url: this.url });
      await this.#connection.publish(message, signal);
    };
    return this.#window.send(message, transmit, options);
  }

  close(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(): Promise<void> {
    const connection = this.#connection;
    this.#life.close();
    this.#window.close();
    this.#readers.close();
    await connection?.end();
  }
}
