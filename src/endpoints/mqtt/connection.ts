import { MqttClient, type IClientOptions, type ISubscriptionMap } from 'mqtt';
import { farSideFault } from '../../endpoint/far-side-fault.ts';
import type { FilledLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Fault } from '../../fault.ts';
import { AcknowledgementQuota } from './acknowledgement-quota.ts';
import { deferAcknowledgements } from './deferred-acknowledgement.ts';
import { dial } from './dial.ts';
import { messageOf, overheadBytes, propertiesOf } from './packet.ts';
import type { MqttLinkSettings, Subscription } from './settings.ts';

/** Room for topic and properties beside the payload, in what we let the broker send. */
const HEADER_BYTES = 65_536;
/** How long the broker may take to close after our DISCONNECT, in ms. */
const FAREWELL_MS = 500;
const MAX_QUOTA = 65_535;

export interface ConnectionEvents {
  /** Connected, and every subscription holds. */
  up(): void;
  /** Resolves when every reader has taken it: then it is acknowledged. */
  message(message: ReceivedMessage): Promise<void>;
  /** The last event, once. */
  gone(cause: Error): void;
}

/** One TLS connection to a broker, from dialling to its end. Reconnecting is not its business. */
export class MqttConnection {
  readonly #settings: MqttLinkSettings;
  readonly #client: MqttClient;
  #quota = new AcknowledgementQuota(MAX_QUOTA);
  #cause: Error | undefined;

  constructor(settings: MqttLinkSettings, limits: FilledLimits, clientId: string, events: ConnectionEvents) {
    this.#settings = settings;
    const socket = dial(settings.url, settings.tls);
    let from = settings.url;
    const overdue = setTimeout(
      () => socket.destroy(new Error(`no answer in ${limits.keepAliveMs} ms`)),
      limits.keepAliveMs,
    );
    this.#client = new MqttClient(() => socket, clientOptions(settings, limits, clientId));
    const client = this.#client;
    const { maxInFlight, maxPayloadBytes } = limits;
    deferAcknowledgements(client, (packet) => events.message(messageOf(packet, from)), maxInFlight * maxPayloadBytes);
    socket.once('secureConnect', () => (from = String(socket.getPeerCertificate().subject?.CN ?? from)));
    socket.on('error', (error) => (this.#cause ??= farSideFault(settings.url, error)));
    socket.once('close', () => {
      clearTimeout(overdue);
      events.gone(this.#cause ?? farSideFault(settings.url, new Error('the broker closed the connection')));
    });
    // mqtt.js reports what it cannot parse and leaves the connection as it is.
    client.on('error', (error) => {
      this.#cause ??= this.#refusalOr(error);
      socket.destroy();
    });
    client.on(
      'disconnect',
      ({ reasonCode = 0 }) => (this.#cause ??= refused(settings.url, `reason code ${reasonCode}`)),
    );
    client.once('connect', () => {
      this.#begin().then(
        () => {
          clearTimeout(overdue);
          events.up();
        },
        (error: unknown) => {
          this.#cause ??= error instanceof Fault ? error : refused(settings.url, String(error));
          socket.destroy();
        },
      );
    });
  }

  /** Resolves when the broker has taken the message over; when the connection ends first, never. */
  publish(message: Message, signal: AbortSignal): Promise<void> {
    const { qos = 1, retain = false, url } = this.#settings;
    const tooLarge = this.#sizeProblem(message);
    if (tooLarge !== undefined) return Promise.reject(tooLarge);
    const payload = Buffer.from(message.payload.buffer, message.payload.byteOffset, message.payload.byteLength);
    const options = { qos, retain, properties: propertiesOf(message) };
    return new Promise((resolve, reject) => {
      const publish = (taken: () => void): void => {
        this.#client.publish(message.topic, payload, options, (error) => {
          taken();
          // mqtt.js gives null where it declares undefined.
          if (error instanceof Error) reject(new Fault('FAR_SIDE_REFUSED', { url, answer: error.message }));
          else resolve();
        });
      };
      if (qos === 0) publish(() => undefined);
      else this.#quota.whenFree(signal, () => publish(() => this.#quota.release()));
    });
  }

  /** Says goodbye and closes. What the broker has not taken by now is not waited for. */
  async end(): Promise<void> {
    const client = this.#client;
    if (!client.connected) {
      client.end(true);
      return;
    }
    for (const id of Object.keys(client.outgoing)) delete client.outgoing[Number(id)];
    const overdue = setTimeout(() => client.stream.destroy(), FAREWELL_MS);
    await client.endAsync().finally(() => clearTimeout(overdue));
  }

  async #begin(): Promise<void> {
    const { url, qos = 1, subscribe = [] } = this.#settings;
    const { maximumQoS = 2, receiveMaximum = MAX_QUOTA } = this.#client.serverProperties ?? {};
    if (maximumQoS < qos) throw refused(url, `it offers QoS ${maximumQoS} only`);
    this.#quota = new AcknowledgementQuota(receiveMaximum);
    if (subscribe.length === 0) return;
    await this.#client.subscribeAsync(Object.fromEntries(subscribe.map(subscriptionEntry)) as ISubscriptionMap);
  }

  #sizeProblem(message: Message): Fault | undefined {
    const limitBytes = this.#client.serverProperties?.maximumPacketSize;
    if (limitBytes === undefined) return undefined;
    const sizeBytes = message.payload.byteLength + overheadBytes(message);
    return sizeBytes > limitBytes ? new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes }) : undefined;
  }

  #refusalOr(error: Error): Fault {
    const { url } = this.#settings;
    // A numeric code is the broker's reason code; a text is one of node's.
    return 'code' in error && typeof error.code === 'number' ? refused(url, error.message) : farSideFault(url, error);
  }
}

function clientOptions(settings: MqttLinkSettings, limits: FilledLimits, clientId: string): IClientOptions {
  const { username, password, sessionExpirySeconds = 0 } = settings;
  return {
    protocolVersion: 5,
    clientId,
    clean: sessionExpirySeconds === 0,
    reconnectPeriod: 0,
    resubscribe: false,
    connectTimeout: limits.keepAliveMs,
    // mqtt.js takes a far side for gone after one and a half of it.
    keepalive: Math.max(1, Math.floor(limits.keepAliveMs / 1500)),
    properties: {
      sessionExpiryInterval: sessionExpirySeconds,
      receiveMaximum: Math.min(limits.maxInFlight, MAX_QUOTA),
      maximumPacketSize: limits.maxPayloadBytes + HEADER_BYTES,
    },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

function subscriptionEntry(subscription: Subscription): [string, ISubscriptionMap[string]] {
  const { filter, qos = 1, noLocal = false, retainAsPublished = false, retainHandling = 0 } = subscription;
  return [filter, { qos, nl: noLocal, rap: retainAsPublished, rh: retainHandling }];
}

function refused(url: string, answer: string): Fault {
  return new Fault('LINK_REFUSED', { url, answer });
}
