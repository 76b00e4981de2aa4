import type { BrokerCore } from './broker-core.ts';
import { Message } from './message.ts';

const noBytes = Buffer.alloc(0);

/** Figures under `$SYS/broker/`, by the names other brokers use; retained, and sent only when they changed. */
export class SystemTopics {
  readonly #core: BrokerCore;
  readonly #openedAt = Date.now();
  readonly #said = new Map<string, string>();
  #mostClients = 0;

  constructor(core: BrokerCore) {
    this.#core = core;
  }

  tell(): void {
    const { counters, clients, sessions, exchange, retained } = this.#core;
    this.#mostClients = Math.max(this.#mostClients, clients.size);
    const figures: Record<string, number | string> = {
      version: 'chartwire',
      uptime: `${Math.floor((Date.now() - this.#openedAt) / 1000)} seconds`,
      'clients/connected': clients.size,
      'clients/disconnected': sessions.all.size - clients.size,
      'clients/total': sessions.all.size,
      'clients/maximum': this.#mostClients,
      'bytes/received': counters.bytesReceived,
      'bytes/sent': counters.bytesSent,
      'publish/messages/received': counters.published,
      'publish/messages/sent': counters.delivered,
      'publish/messages/dropped': counters.dropped,
      'publish/messages/refused': counters.refused,
      'retained messages/count': retained.count,
      'subscriptions/count': exchange.tree.count,
    };
    for (const [name, value] of Object.entries(figures)) this.#say(`$SYS/broker/${name}`, String(value));
  }

  #say(topic: string, text: string): void {
    if (this.#said.get(topic) === text) return;
    this.#said.set(topic, text);
    const message = new Message(topic, Buffer.from(text), 0, true, noBytes, 0, 'broker');
    this.#core.retained.takeSystem(message);
    this.#core.exchange.publish(message, undefined, []);
  }
}
