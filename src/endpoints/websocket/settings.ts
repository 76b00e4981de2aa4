import type { Access } from '../../endpoint/access.ts';
import type { LinkLimits, TlsIdentity } from '../../endpoint/endpoint.ts';
import type { UpgradeHandler } from '../../front-door/door.ts';
import type { Guard } from '../../http/guard.ts';
import type { Overflow } from './connection-settings.ts';

/** What both sides of a WebSocket know beside the limits of every endpoint. */
export interface WebSocketLimits extends LinkLimits {
  /** Pings a far side may send in a second; more close the connection with 1008. Default 100. */
  readonly maxPingsPerSecond?: number;
  /** permessage-deflate is offered, or accepted. Default true. */
  readonly compression?: boolean;
  /** Payloads from this size on are compressed, in bytes. Default 1,024. */
  readonly compressFromBytes?: number;
}

/** Where upgrades come from: the front door, or another server of this process. */
export interface UpgradeHost {
  readonly host: string;
  readonly port: number;
  upgrade(path: string, handler: UpgradeHandler): () => void;
}

export interface WebSocketListenSettings extends WebSocketLimits {
  readonly door: UpgradeHost;
  /** False for a host without TLS. Default true. */
  readonly secure?: boolean;
  /** Where it is served: `/live`, or `/plant/:line` for `/plant/` and any one name. */
  readonly path: string;
  /** Finds out who a far side is, before the upgrade. Default: by a certificate. */
  readonly guard?: Guard;
  /** Default: whoever has proved who he is may send and receive, nobody else; everybody where no proof is asked for. */
  readonly authorize?: Access;
  /** Origins of web pages that may connect beside our own: `https://app.example`, or `*` for all. Default none. */
  readonly origins?: readonly string[];
  /** Sub-protocols that may be agreed on, beside that of Chartwire. */
  readonly subprotocols?: readonly string[];
  /** Far sides that know our frames get topics, properties and acknowledgements. Default true. */
  readonly framed?: boolean;
  /** Far sides connected at once; more are refused with 503. Default 10,000. */
  readonly maxClients?: number;
  /** Bytes that may wait for one far side, beside what the operating system holds. Default 1,048,576. */
  readonly maxBufferedBytes?: number;
  /** What happens when they are full. Default: the far side is disconnected with 1013. */
  readonly overflow?: Overflow;
  /** Messages kept for each identity, to be sent again when it has missed them. Default 0. */
  readonly outboxMessages?: number;
  /** Their payloads together, in bytes. Default 1,048,576. */
  readonly outboxBytes?: number;
  /** How long they are kept, in ms. Default 3,600,000. */
  readonly outboxMs?: number;
  /** Identities such messages are kept for. Default 1,000. */
  readonly maxOutboxes?: number;
  /** Told, once for each source and kind, what was refused. */
  readonly onRefused?: (line: string) => void;
}

/** Certificate and key may come in one file (PKCS #12), and be locked. */
export interface WebSocketTls extends TlsIdentity {
  readonly pfx?: Buffer;
  readonly passphrase?: string;
}

export interface WebSocketLinkSettings extends WebSocketLimits {
  /** `wss://127.0.0.1:8443/live` */
  readonly url: string;
  readonly tls: WebSocketTls;
  /** The far side is no Chartwire: bare payloads, without topics and acknowledgements. Default false. */
  readonly plain?: boolean;
  /** Sub-protocols to offer when it is plain, the best first. */
  readonly subprotocols?: readonly string[];
  /** More headers of the upgrade: `authorization`, `user-agent`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Over which HTTP it is opened. Default `1.1`. */
  readonly http?: '1.1' | '2';
  /** Leads there, instead of what the environment names: `http://proxy.example:3128`. */
  readonly proxy?: string;
}
