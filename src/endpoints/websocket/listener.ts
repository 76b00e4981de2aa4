import { randomBytes } from 'node:crypto';
import { addressOf } from '../../address.ts';
import { knownOnly, type Access } from '../../endpoint/access.ts';
import type { Listener, ReadOptions, SendOptions } from '../../endpoint/endpoint.ts';
import { fillLimits, type FilledLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { SendWindow } from '../../endpoint/send-window.ts';
import { errorLine, Fault } from '../../fault.ts';
import type { Upgrade } from '../../front-door/upgrade.ts';
import { byCertificate, everybody } from '../../http/guard.ts';
import { closeCodes } from '../../wire/websocket/index.ts';
import { admit, type Accepted, type AdmitSettings, type Refusal } from './admit.ts';
import { isMeant, Members, type Audience } from './audience.ts';
import type { Arrival } from './arrival.ts';
import { Connection, type ConnectionEvents } from './connection.ts';
import { FarClient, type ClientInfo } from './far-client.ts';
import { FramedChannel } from './framed-channel.ts';
import { Heartbeat } from './heartbeat.ts';
import { Mailboxes } from './mailboxes.ts';
import { Outgoing, outgoingNumbers } from './outgoing.ts';
import type { Packed } from './packed.ts';
import { plainTopic } from './plain-topic.ts';
import type { Presence } from './presence.ts';
import { sentTo } from './sent-to.ts';
import { serverConnections, type ServerConnections } from './server-connections.ts';
import { defaultWebSocketLimits } from './default-limits.ts';
import type { WebSocketListenSettings } from './settings.ts';
import { ToldSources } from './told-sources.ts';
import { LAST_ID_HEADER, RUN_HEADER } from './traits.ts';
import { transmit } from './transmit.ts';

/** Serves WebSockets at one path of the door. */
export class WebSocketListener implements Listener {
  readonly url: string;
  /** Of messages that have none. */
  readonly topic: string;
  readonly #limits: FilledLimits;
  readonly #settings: WebSocketListenSettings & typeof defaultWebSocketLimits;
  readonly #admitting: AdmitSettings;
  readonly #access: Access;
  readonly #unmount: () => void;
  readonly #readers = new Readers();
  readonly #members = new Members<FarClient>();
  readonly #clients = new WeakMap<Connection, FarClient>();
  readonly #window: SendWindow;
  readonly #number = outgoingNumbers();
  readonly #run = randomBytes(6).toString('hex');
  readonly #mailboxes: Mailboxes;
  readonly #heartbeat: Heartbeat;
  readonly #refused: ToldSources;
  readonly #connecting: ServerConnections;
  readonly #onMessage = new Set<(arrival: Arrival) => void>();
  readonly #onPresence = new Set<(presence: Presence) => void>();
  readonly #events: ConnectionEvents = {
    message: (connection, payload, isText) => this.#take(connection, payload, isText),
    malformed: (connection, { code, text }) => this.#tell(`closed with ${code}: ${text}`, connection),
    dropped: (connection, count) => {
      this.#dropped += count;
      this.#tell('takes less than it is sent', connection);
    },
    closed: (connection, code, reason) => this.#leave(connection, code, reason),
  };
  #lastId = 0;
  #admittingNow = 0;
  #isClosed = false;
  #framed = 0;
  #dropped = 0;

  constructor(given: WebSocketListenSettings) {
    const settings = { ...defaultWebSocketLimits, ...given } as WebSocketListenSettings & typeof defaultWebSocketLimits;
    const { door, path, authorize, guard = byCertificate } = settings;
    this.#settings = settings;
    this.url = `${settings.secure === false ? 'ws' : 'wss'}://${addressOf(door.host, door.port)}${path}`;
    this.topic = plainTopic(path);
    this.#limits = fillLimits(settings);
    this.#access = authorize ?? (guard === everybody ? () => true : knownOnly);
    this.#admitting = {
      guard,
      origins: settings.origins ?? [],
      subprotocols: settings.subprotocols ?? [],
      framed: settings.framed ?? true,
      compression: settings.compression,
      letsStrangersIn: this.#access(undefined, 'subscribe', '#'),
    };
    this.#connecting = serverConnections(this.#limits, settings);
    this.#mailboxes = new Mailboxes({
      maxMessages: settings.outboxMessages,
      maxBytes: settings.outboxBytes,
      keepMs: settings.outboxMs,
      maxMailboxes: settings.maxOutboxes,
    });
    this.#refused = new ToldSources((line) => settings.onRefused?.(line));
    this.#window = new SendWindow(this.url, this.#limits);
    this.#window.open();
    // First what throws when the path is taken.
    this.#unmount = door.upgrade(path, (upgrade) => void this.#admit(upgrade));
    this.#heartbeat = new Heartbeat(this.#limits.keepAliveMs, true, () => this.#members.all());
  }

  get connections(): number {
    return this.#members.size;
  }

  /** Whether {@link publish} needs topic, payload and properties beside what is packed. */
  get needsWhole(): boolean {
    return this.#framed > 0 || this.#mailboxes.isOn;
  }

  get maxPayloadBytes(): number {
    return this.#limits.maxPayloadBytes;
  }

  /** Where somebody is in. */
  get rooms(): number {
    return this.#members.rooms;
  }

  /** What a far side without our frames says to get what came after the message that is published next; none without outboxes. */
  get nextMark(): string | undefined {
    return this.#mailboxes.isOn ? `${this.#run}-${this.#lastId + 1}` : undefined;
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
    return this.#members.all();
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
    this.#onPresence.add(take);
    return () => this.#onPresence.delete(take);
  }

  send(message: Message, options?: SendOptions): Promise<void> {
    return this.publish(message, {}, undefined, options) ?? Promise.resolve();
  }

  /**
   * Sends to an audience: `plain` to those who do not know our frames. The promise is of the others' acknowledgements, and
   * of everything when there is an audience of one; there is none when all of it leaves now.
   */
  publish(message: Message, audience: Audience, plain?: Packed, options?: SendOptions): Promise<void> | undefined {
    const only = audience.id === undefined ? undefined : this.#members.get(audience.id);
    if (audience.id !== undefined && only === undefined) {
      throw new Fault('FAR_SIDE_GONE', { url: `the connection ${audience.id}` });
    }
    const outgoing = new Outgoing(this.#nextId(), message, only === undefined, plain);
    if (this.#mailboxes.isOn) this.#keep(outgoing, audience);
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
    const clients = [...this.#members.of(audience)];
    for (const { connection } of clients) connection.close(code, reason);
    return clients.length;
  }

  join(audience: Audience, room: string): void {
    for (const client of this.#members.of(audience)) {
      if (this.#members.join(client, room))
        this.#present({ event: 'join', client: client.info, room, count: this.#in(room) });
    }
  }

  /** Without a room, all of them. */
  leave(audience: Audience, room?: string): void {
    for (const client of this.#members.of(audience)) {
      for (const one of room === undefined ? [...client.rooms] : [room]) {
        if (this.#members.quit(client, one))
          this.#present({ event: 'leave', client: client.info, room: one, count: this.#in(one) });
      }
    }
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#unmount();
    this.#heartbeat.stop();
    this.#window.close();
    this.#readers.close();
    for (const { connection } of this.#members.all()) connection.close(closeCodes.goingAway);
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #admit(upgrade: Upgrade): Promise<void> {
    const { maxClients } = this.#settings;
    // Those who are being looked at count too: checking a token may take its time.
    if (this.#members.size + this.#admittingNow >= maxClients) {
      this.#refuse(upgrade, { status: 503, fault: new Fault('LISTENER_FULL', { limit: maxClients }) });
      return;
    }
    this.#admittingNow += 1;
    try {
      const admission = await admit(upgrade, this.#admitting);
      if (this.#isClosed)
        this.#refuse(upgrade, { status: 404, fault: new Fault('PATH_UNKNOWN', { path: this.#settings.path }) });
      else if ('fault' in admission) this.#refuse(upgrade, admission);
      else this.#accept(upgrade, admission);
    } catch (error) {
      // Where keys come from cannot be reached: nobody can tell who it is.
      this.#settings.onRefused?.(errorLine(error));
      upgrade.refuse(503, new Fault('REQUEST_FAILED', {}));
    } finally {
      this.#admittingNow -= 1;
    }
  }

  #refuse(upgrade: Upgrade, { status, fault, headers }: Refusal): void {
    this.#refused.count(fault.code, upgrade.socket.remoteAddress ?? '');
    upgrade.refuse(status, fault, headers);
  }

  #accept(upgrade: Upgrade, { info, isFramed, agreement, headers }: Accepted): void {
    if (upgrade.httpVersion === '1.1') {
      upgrade.socket.setTimeout(0);
      upgrade.socket.setNoDelay(true);
    }
    const { stream, head } = upgrade.accept({ ...headers, [RUN_HEADER]: this.#run });
    // It may have gone while it was looked at.
    if (stream.destroyed) return;
    const settings = isFramed ? this.#connecting.framed : this.#connecting.plain;
    const connection = new Connection(stream, settings, this.#events, agreement);
    this.#enter(new FarClient(info, connection, isFramed ? this.#channel(info, connection) : undefined));
    connection.start(head);
  }

  #enter(client: FarClient): void {
    const { info, connection } = client;
    this.#clients.set(connection, client);
    this.#members.enter(client);
    if (client.channel !== undefined) this.#framed += 1;
    this.#present({ event: 'connect', client: info, count: this.#members.size });
    if (info.identity === undefined) return;
    const { missed, rooms } = this.#mailboxes.open(info.identity, this.#lastIdOf(info));
    for (const room of rooms) this.join({ id: info.id }, room);
    for (const outgoing of missed) {
      if (client.channel === undefined) connection.send(outgoing.plain);
      else client.channel.send(outgoing, () => undefined);
    }
  }

  #leave(connection: Connection, code: number, reason: string): void {
    const client = this.#clients.get(connection);
    if (client === undefined) return;
    const { info, channel, rooms } = client;
    channel?.lose(code);
    if (channel !== undefined) this.#framed -= 1;
    this.#members.leave(client);
    if (info.identity !== undefined) this.#mailboxes.close(info.identity, rooms, this.#lastId);
    const event = code === closeCodes.abnormal ? 'error' : 'disconnect';
    if (event === 'error') this.#present({ event, client: info, code, reason, count: this.#members.size });
    this.#present({ event: 'disconnect', client: info, code, reason, count: this.#members.size });
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
    if (room === undefined) return;
    client.held += 1;
    connection.pause();
    void room.then(() => {
      client.held -= 1;
      if (client.held === 0) connection.resume();
    });
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
    const clients = this.#members.of(audience);
    if (this.#settings.authorize === undefined) return clients;
    return [...clients].filter(({ info }) => this.#access(info.identity, 'subscribe', topic));
  }

  #refusal(identity: string | undefined, topic: string): Fault | undefined {
    if (this.#access(identity, 'publish', topic)) return undefined;
    if (identity === undefined) return new Fault('IDENTITY_MISSING', {});
    return new Fault('ACTION_FORBIDDEN', { identity, action: `publish to ${topic}` });
  }

  #keep(outgoing: Outgoing, audience: Audience): void {
    this.#mailboxes.keep(outgoing, audience, (identity) =>
      [...(this.#members.ofIdentity(identity) ?? [])].some((client) => isMeant(client, audience)),
    );
  }

  #nextId(): number {
    this.#lastId = this.#number();
    return this.#lastId;
  }

  /** Of this run of ours; numbers of an earlier one mean nothing here. */
  #lastIdOf({ headers, query }: ClientInfo): number | undefined {
    const said = headers[LAST_ID_HEADER] ?? query['lastEventId'];
    const [run, number] = typeof said === 'string' ? said.split('-') : [];
    return run === this.#run && number !== undefined && /^\d{1,10}$/.test(number) ? Number(number) : undefined;
  }

  #in(room: string): number {
    return this.#members.inRoom(room)?.size ?? 0;
  }

  #present(presence: Presence): void {
    for (const take of this.#onPresence) take(presence);
  }

  #tell(kind: string, connection: Connection): void {
    const info = this.#clients.get(connection)?.info;
    this.#refused.count(kind, info?.identity ?? info?.address ?? '');
  }
}
