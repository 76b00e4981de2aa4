import { Aedes, type AedesPublishPacket, type Client } from 'aedes';
import type { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { topicProblem } from '../endpoint/topic.ts';
import { Fault } from '../fault.ts';
import { authorizeByIdentity } from './acl.ts';
import { Admission, type Applicant, type Authenticate } from './admission.ts';
import { hardenBroker, hardenClient, persistenceOf } from './aedes-internals.ts';
import { boundStore } from './bounded-store.ts';
import { BROKER_LIMITS, type BrokerLimits } from './broker-limits.ts';
import type { Action, Authorize, Broker, BrokerMessage } from './broker.ts';
import { ClientBook } from './client-book.ts';
import { messageOf, packetOf } from './packet.ts';
import { matches, MAX_TOPIC_LEVELS, topicFilterProblem } from './topic.ts';

export interface BrokerOptions {
  /** Default {@link authorizeByIdentity}. */
  readonly authorize?: Authorize;
  /** Asked at every CONNECT. By default whoever has a certificate or is on this machine is let in. */
  readonly authenticate?: Authenticate;
  readonly limits?: BrokerLimits;
  /** Told what fails inside: a taker that rejects, a store that breaks. The broker goes on. */
  readonly onError?: (error: Error) => void;
}

/** An embedded MQTT 3.1, 3.1.1 and 5 broker; opens no port, {@link Broker.handle} is given the connections. */
export async function openBroker(options: BrokerOptions = {}): Promise<Broker> {
  const { authorize = authorizeByIdentity, authenticate, onError = () => undefined } = options;
  const limits = { ...BROKER_LIMITS, ...options.limits };
  const admission = new Admission(limits.maxClients, authenticate);
  const book = new ClientBook(admission);
  const counts = { published: 0, delivered: 0, refused: 0 };
  const refuse = (client: Client, reason: string): void => {
    counts.refused += 1;
    book.tell('refused', book.entryOf(client), reason);
  };
  const applicant = (client: Client): Applicant => {
    const address = client.conn instanceof Socket ? client.conn.remoteAddress : undefined;
    return { id: client.id, identity: book.identityOf(client), address };
  };
  /** Why a client may not do this, told to the listeners. */
  const denial = (client: Client | null, action: Action, topic: string, more?: string): Error | null => {
    if (client === null) return new Error('nobody sent it');
    const allowed = authorize(book.identityOf(client), action, topic);
    const problem = allowed ? more : `may not ${action} ${topic}`;
    if (problem === undefined) return null;
    refuse(client, problem);
    return new Error(problem);
  };

  const aedes = new Aedes({
    concurrency: 0, // waiting publishers must not hold up the others
    connectTimeout: limits.connectTimeoutMs,
    drainTimeout: limits.drainTimeoutMs,
    keepaliveLimit: limits.maxKeepAliveSeconds,
    maximumPacketSize: limits.maxPacketBytes,
    maxTopicLevels: MAX_TOPIC_LEVELS,
    sessionExpiryIntervalLimit: limits.maxSessionSeconds,
    authenticate(client, username, password, done) {
      admission
        .enter(applicant(client), username, password?.toString())
        .then((refusal) => {
          if (refusal === undefined) {
            book.admitted(client);
            return done(null, true);
          }
          refuse(client, refusal.reason);
          done(Object.assign(new Error(refusal.reason), { returnCode: refusal.code }), null);
        })
        .catch((error: Error) => {
          onError(error);
          done(Object.assign(error, { returnCode: 3 }), null);
        });
    },
    authorizePublish(client, packet, done) {
      const problem =
        topicProblem(packet.topic) ??
        (packet.retain ? store.retainProblem(packet.topic, packet.payload.length) : undefined);
      done(denial(client, 'publish', packet.topic, problem));
    },
    authorizeSubscribe(client, subscription, done) {
      done(null, denial(client, 'subscribe', subscription.topic) === null ? subscription : null);
    },
    // aedes stores refused filters of a packet with an allowed one for sessions it keeps: this is the second lock
    authorizeForward(client, packet) {
      if (!authorize(book.identityOf(client), 'subscribe', packet.topic)) return null;
      counts.delivered += 1;
      return packet;
    },
  });
  hardenBroker(aedes);
  await aedes.listen();
  const store = boundStore(aedes, limits);
  book.follow(aedes);
  aedes.on('publish', (packet) => {
    if (!packet.topic.startsWith('$SYS/')) counts.published += 1;
  });
  const emitter: EventEmitter = aedes;
  emitter.on('error', onError);

  const take = async (packet: AedesPublishPacket, taker: Parameters<Broker['subscribe']>[1]): Promise<void> => {
    try {
      counts.delivered += 1;
      await taker(messageOf(packet, book.senderOf(packet)));
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
    }
  };

  const broker: Broker = {
    clients: book.clients,
    counts,
    onClient: (listener) => book.listen(listener),
    handle(socket: Duplex, identity?: string): void {
      if (aedes.closed) {
        socket.destroy();
        return;
      }
      if (socket instanceof Socket) socket.setNoDelay(); // an acknowledgement must not wait for the next one
      const client = aedes.handle(socket);
      hardenClient(client);
      book.open(client, socket, identity);
    },
    publish(message: BrokerMessage): Promise<void> {
      return new Promise((resolve, reject) => {
        const problem = topicProblem(message.topic);
        if (problem !== undefined) return reject(new Fault('MESSAGE_INVALID', { problem }));
        if (aedes.closed) return reject(closed());
        aedes.publish(packetOf(message), (error) => (error ? reject(error) : resolve()));
      });
    },
    async subscribe(filter, taker) {
      const problem = topicFilterProblem(filter);
      if (problem !== undefined) throw new Fault('SETTINGS_INVALID', { problems: problem });
      if (aedes.closed) throw closed();
      const live = new Set<string>();
      let ended = false;
      const deliver = (packet: AedesPublishPacket, done: () => void): void => {
        if (ended || !matches(filter, packet.topic)) return done();
        live.add(packet.topic);
        void take(packet, taker).then(done);
      };
      await new Promise<void>((resolve) => aedes.subscribe(filter, deliver, resolve));
      for await (const packet of persistenceOf(aedes).createRetainedStreamCombi([filter])) {
        if (matches(filter, packet.topic) && !live.has(packet.topic)) await take(packet, taker);
      }
      return async () => {
        if (ended) return;
        ended = true;
        await new Promise<void>((resolve) => aedes.unsubscribe(filter, deliver, resolve));
      };
    },
    close: () => (closing ??= end(aedes, book)),
    [Symbol.asyncDispose]: () => broker.close(),
  };
  let closing: Promise<void> | undefined;
  return broker;
}

/** Clients are told (MQTT 5: 0x8B, server shutting down) as far as their sockets take it; then every socket ends. */
async function end(aedes: Aedes, book: ClientBook): Promise<void> {
  for (const socket of book.sockets) if (socket.writableNeedDrain) socket.destroy();
  await new Promise<void>((resolve) => aedes.close(resolve));
  await Promise.all(
    [...book.sockets].map((socket) => new Promise<void>((resolve) => socket.once('close', resolve).destroy())),
  );
}

function closed(): Fault {
  return new Fault('LINK_CLOSED', { url: 'the embedded broker' });
}
