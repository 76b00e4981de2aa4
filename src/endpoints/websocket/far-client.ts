import type { IncomingHttpHeaders } from 'node:http2';
import type { Connection } from './connection.ts';
import type { FramedChannel } from './framed-channel.ts';
import type { Pulse } from './heartbeat.ts';
import { plainTopic } from './plain-topic.ts';
import { ReaderRoom } from './reader-room.ts';

/** Who is at the other end of a connection, as flows see it. Frozen: every message of the connection has the same one. */
export interface ClientInfo {
  /** The connection's own id. */
  readonly id: string;
  /** Who it has proved to be: name in its certificate, user, or owner of a token. */
  readonly identity?: string;
  /** The request target as it was sent: `/plant/7?unit=c`. */
  readonly url: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  /** Without what proves who it is. */
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
  /** The sub-protocol that was agreed, or empty. */
  readonly protocol: string;
  readonly httpVersion: string;
}

/** One far side of a listener. */
export class FarClient implements Pulse {
  readonly info: ClientInfo;
  /** Topic of what it sends without one. */
  readonly topic: string;
  /** Name for people, and for messages. */
  readonly from: string;
  readonly connection: Connection;
  /** It speaks our frames. */
  readonly channel: FramedChannel | undefined;
  readonly rooms = new Set<string>();
  /** What readers have no room for. */
  readonly room = new ReaderRoom();
  silentLooks = 0;

  constructor(info: ClientInfo, connection: Connection, channel: FramedChannel | undefined) {
    this.info = info;
    this.topic = plainTopic(info.path);
    this.from = info.identity ?? info.address;
    this.connection = connection;
    this.channel = channel;
  }

  get owesSince(): number | undefined {
    return this.channel?.owesSince;
  }
}
