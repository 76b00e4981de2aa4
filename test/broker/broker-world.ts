import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { Broker } from '../../src/broker/broker.ts';
import { openBroker, type BrokerOptions } from '../../src/broker/open-broker.ts';

/** A broker behind a real TCP port; the identity a client has is the one `as` gives to its connection. */
export interface BrokerWorld extends AsyncDisposable {
  readonly broker: Broker;
  readonly port: number;
  /** Identity of the next connections. */
  as(identity: string | undefined): void;
  /** Address the next connections seem to come from. */
  from(address: string): void;
  connect(options?: IClientOptions): Promise<MqttClient>;
  /** A client that is not connected yet, so that nothing it is sent at once is missed. */
  start(options?: IClientOptions): MqttClient;
  /** A client whose CONNECT is refused: the error it gets. */
  refused(options?: IClientOptions): Promise<Error & { code?: number }>;
}

export async function brokerWorld(options?: BrokerOptions): Promise<BrokerWorld> {
  const broker = await openBroker(options);
  let identity: string | undefined;
  let address: string | undefined;
  const server: Server = createServer((socket: Socket) => {
    if (address !== undefined) Object.defineProperty(socket, 'remoteAddress', { value: address });
    broker.handle(socket, identity);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const clients: MqttClient[] = [];
  const settings: IClientOptions = { host: '127.0.0.1', port, reconnectPeriod: 0, protocolVersion: 5 };
  const start = (more?: IClientOptions): MqttClient => {
    const client = mqtt.connect({ ...settings, ...more });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  return {
    broker,
    port,
    as(name) {
      identity = name;
    },
    from(place) {
      address = place;
    },
    start,
    async connect(more) {
      const client = start(more);
      await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject));
      return client;
    },
    refused: (more) => new Promise((resolve) => start(more).once('error', resolve)),
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.endAsync(true)));
      await broker.close();
      await once(server.close(), 'close');
    },
  };
}

export interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly packet: IPublishPacket;
}

/** Resolves with the next `count` messages of a client. */
export function hear(client: MqttClient, count: number): Promise<Heard[]> {
  const heard: Heard[] = [];
  return new Promise((resolve) => {
    const listen = (topic: string, payload: Buffer, packet: IPublishPacket): void => {
      heard.push({ topic, text: payload.toString(), packet });
      if (heard.length < count) return;
      client.off('message', listen);
      resolve(heard);
    };
    client.on('message', listen);
  });
}

/** Resolves when the connection of a client is over, for whatever reason. */
export function closing(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', resolve));
}
