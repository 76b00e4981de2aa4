import type { Duplex } from 'node:stream';
import { addressOf } from '../../address.ts';
import { knownOnly, type Access } from '../../endpoint/access.ts';
import type { Listener, ReadOptions, SendOptions } from '../../endpoint/endpoint.ts';
import { fillLimits, type FilledLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { SendWindow } from '../../endpoint/send-window.ts';
import { Fault } from '../../fault.ts';
import { byCertificate, everybody } from '../../http/guard.ts';
import { closeCodes } from '../../wire/websocket/index.ts';
import type { Accepted } from './admit.ts';
import type { Arrival } from './arrival.ts';
import { Attendance } from './attendance.ts';
import type { Audience } from './audience.ts';
import { Connection, type ConnectionEvents } from './connection.ts';
import { FarClient, type ClientInfo } from './far-client.ts';
import { FramedChannel } from './framed-channel.ts';
import { Heartbeat } from './heartbeat.ts';
import { MessageNumbers } from './message-numbers.ts';
import { Outgoing } from './outgoing.ts';
import type { Packed } from './packed.ts';
import { plainTopic } from './plain-topic.ts';
import type { Presence } from './presence.ts';
import { Reception } from './reception.ts';
import { sentTo } from './sent-to.ts';
import { serverConnections, type ServerConnections } from './server-connections.ts';
import { defaultWebSocketLimits } from './default-limits.ts';
import type { WebSocketListenSettings } from './settings.ts';
import { ToldSources } from './told-sources.ts';
import { transmit } from './transmit.ts';

/** Serves WebSockets at one path of the door. */
export class WebSocketListener implements Listener {
  readonly url: string;
  /** Of messages that have none. */
  readonly topic: string;
  readonly #limits: FilledLimits;
  readonly #access: Access;
  readonly #isSelective: boolean;
  readonly #readers = new Readers();
  readonly #attendance: Attendance;
  readonly #clients = new WeakMap<Connection, FarClient>();
  readonly #window: SendWindow;
  readonly #numbers = new MessageNumbers();
  readonly #heartbeat: Heartbeat;
  readonly #refused: ToldSources;
  readonly #reception: Reception;
  readonly #connecting: ServerConnections;
  readonly #onMessage = new Set<(arrival: Arrival) => void>();
  readonly #events: ConnectionEvents = {
    message: (connection, payload, isText) => this.#take(connection, payload, isText),
    malformed: (connection, { code, text }) => this.#tell(`closed with ${code}: ${text}`, connection),
    dropped: (connection, count) => {
      this.#dropped += count;
      this.#tell('takes less than it is sent', connection);
    },
    closed: (connection, code, reason) => this.#leave(connection, code, reason),
  };
  #framed = 0;
  #dropped = 0;

  constructor(given: WebSocketListenSettings) {
    const settings = { ...defaultWebSocketLimits, ...given } as WebSocketListenSettings & typeof defaultWebSocketLimits;
    const { door, path, maxClients, authorize, guard = byCertificate } = settings;
    this.url = `${settings.secure === false ? 'ws' : 'wss'}://${addressOf(door.host, door.port)}${path}`;
    this.topic = plainTopic(path);
    this.#limits = fillLimits(settings);
    this.#access = authorize ?? (guard === everybody ? () => true : knownOnly);
    this.#isSelective = authorize !== undefined;
    this.#connecting = serverConnections(this.#limits, settings);
    this.#attendance = new Attendance({
      maxMessages: settings.outboxMessages,
      maxBytes: settings.outboxBytes,
      keepMs: settings.outboxMs,
      maxMailboxes: settings.maxOutboxes,
    });
    this.#refused = new ToldSources((line) => settings.onRefused?.(line));
    this.#window = new SendWindow(this.url, this.#limits);
    this.#window.open();
    const admitting = {
      guard,
      origins: settings.origins ?? [],
      subprotocols: settings.subprotocols ?? [],
      framed: settings.framed ?? true,
      compression: settings.compression,
      letsStrangersIn: this.#access(undefined, 'subscribe', '#'),
    };
    // Before the timer of the heartbeat: it throws when the path is taken.
    this.#reception = new Reception(
      { door, path, maxClients, admitting, run: this.#numbers.run },
      {
        connected: () => this.connections,
        accepted: (accepted, stream, head) => this.#accept(accepted, stream, head),
        refused: (kind, source, line) => this.#refused.count(kind, source, line),
      },
    );
    this.#heartbeat = new Heartbeat(this.#limits.keepAliveMs, true, () => this.members());
  }

  get connections(): number {
    return this.#attendance.members.size;
  }

  /** Whether {@link publish} needs topic, payload and properties beside what is packed. */
  get needsWhole(): boolean {
    return this.#framed > 0 || this.#attendance.keeps;
  }

  get maxPayloadBytes(): number {
    return this.#limits.maxPayloadBytes;
  }

  /** Where somebody is in. */
  get rooms(): number {
    return this.#attendance.members.rooms;
  }

  /** What a far side without our frames says to get what came after the message that is published next; none without outboxes. */
  get nextMark(): string | undefined {
    return this.#attendance.keeps ? this.#numbers.nextMark : undefined;
  }

  /** Messages dropped because a far side took less than it was sent. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How often what was refused, by kind. */
  get refused(): ReadonlyMap<string, number> {
    return this.#refused.counts;
  }

  /** Everybody who is connected. */
  members(): Iterable<FarClient> {
    return this.#attendance.members.all();
  }

  receive(options?: ReadOptions): AsyncIterableIterator<ReceivedMessage> {
    return this.#readers.receive(options);
  }

  /** Gives every message at once, without a promise for each. Returns what stops that. */
  onMessage(take: (arrival: Arrival) => void): () => void {
    this.#onMessage.add(take);
    return () => this.#onMessage.delete(take);
  }

  onPresence(take: (presence: Presence) => void): () => void {
    return this.#attendance.onPresence(take);
  }

  send(message: Message, options?: SendOptions): Promise<void> {
    return this.publish(message, {}, undefined, options) ?? Promise.resolve();
  }

  /**
   * Sends to an audience: `plain` to those who do not know our frames. The promise is of the others' acknowledgements, and
   * of everything when there is an audience of one; there is none when all of it leaves now.
   */
  publish(message: Message, audience: Audience, plain?: Packed, options?: SendOptions): Promise<void> | undefined {
    const only = audience.id === undefined ? undefined : this.#attendance.members.get(audience.id);
    if (audience.id !== undefined && only === undefined) {
      throw new Fault('FAR_SIDE_GONE', { url: `the connection ${audience.id}` });
    }
    const outgoing = new Outgoing(this.#numbers.next(), message, only === undefined, plain);
    if (this.#attendance.keeps) this.#attendance.keep(outgoing, audience);
    if (plain !== undefined && this.#framed === 0) {
      if (only !== undefined) return sentTo(only, plain);
      for (const { connection } of this.#readersOf(message.topic, audience)) connection.send(plain);
      return undefined;
    }
    return this.#window.send(
      message,
      (signal) => transmit(this.#readersOf(message.topic, audience), outgoing, signal),
      options,
    );
  }

  /** Ends connections. Gives how many. */
  disconnect(audience: Audience, code: number, reason: string): number {
    const clients = [...this.#attendance.members.of(audience)];
    for (const { connection } of clients) connection.close(code, reason);
    return clients.length;
  }

  join(audience: Audience, room: string): void {
    this.#attendance.join(audience, room);
  }

  /** Without a room, all of them. */
  leave(audience: Audience, room?: string): void {
    this.#attendance.quit(audience, room);
  }

  close(): Promise<void> {
    this.#reception.close();
    this.#heartbeat.stop();
    this.#window.close();
    this.#readers.close();
    for (const { connection } of this.members()) connection.close(closeCodes.goingAway);
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #accept({ info, isFramed, agreement }: Accepted, stream: Duplex, head: Buffer): void {
    const settings = isFramed ? this.#connecting.framed : this.#connecting.plain;
    const connection = new Connection(stream, settings, this.#events, agreement);
    const client = new FarClient(info, connection, isFramed ? this.#channel(info, connection) : undefined);
    this.#clients.set(connection, client);
    if (isFramed) this.#framed += 1;
    this.#attendance.enter(client, this.#numbers.saidBy(info));
    connection.start(head);
  }

  #leave(connection: Connection, code: number, reason: string): void {
    const client = this.#clients.get(connection);
    if (client === undefined) return;
    client.channel?.lose(code);
    if (client.channel !== undefined) this.#framed -= 1;
    this.#attendance.leave(client, this.#numbers.last, code, reason);
  }

  #take(connection: Connection, payload: Buffer, isText: boolean): void {
    const client = this.#clients.get(connection)!;
    if (client.channel !== undefined) {
      client.channel.take(payload, isText);
      return;
    }
    const { info, topic } = client;
    if (this.#refusal(info.identity, topic) !== undefined) {
      this.#tell('may not send', connection);
      connection.close(closeCodes.forbidden);
      return;
    }
    for (const take of this.#onMessage) take({ client, payload, isText, message: undefined });
    if (this.#readers.count === 0) return;
    const message = { topic, payload, from: client.from };
    const room = this.#readers.offer(isText ? { ...message, contentType: 'text/plain' } : message);
    if (room !== undefined) client.room.await(room, connection);
  }

  #channel({ identity, address }: ClientInfo, connection: Connection): FramedChannel {
    return new FramedChannel({
      connection,
      url: this.url,
      from: identity ?? address,
      limits: this.#limits,
      take: (message) => {
        const client = this.#clients.get(connection)!;
        const payload = message.payload as Buffer;
        for (const take of this.#onMessage) take({ client, payload, isText: false, message });
        return this.#readers.offer(message);
      },
      refusal: (topic) => this.#refusal(identity, topic),
    });
  }

  #readersOf(topic: string, audience: Audience): Iterable<FarClient> {
    const clients = this.#attendance.members.of(audience);
    if (!this.#isSelective) return clients;
    return [...clients].filter(({ info }) => this.#access(info.identity, 'subscribe', topic));
  }

  #refusal(identity: string | undefined, topic: string): Fault | undefined {
    if (this.#access(identity, 'publish', topic)) return undefined;
    if (identity === undefined) return new Fault('IDENTITY_MISSING', {});
    return new Fault('ACTION_FORBIDDEN', { identity, action: `publish to ${topic}` });
  }

  #tell(kind: string, connection: Connection): void {
    const info = this.#clients.get(connection)?.info;
    this.#refused.count(kind, info?.identity ?? info?.address ?? '');
  }
}
