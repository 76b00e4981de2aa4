import { addressOf } from '../../../address.ts';

const DEFAULT_PORTS = { 'mqtt:': 1883, 'tcp:': 1883, 'mqtts:': 8883, 'ssl:': 8883, 'ws:': 80, 'wss:': 443 } as const;

/** Where a broker is and what is spoken below MQTT. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** Path and query of a WebSocket; undefined for a plain socket. */
  readonly path: string | undefined;
  /** For people: holds no secret. */
  readonly url: string;
}

/** Reads a broker's URL; another host and port may stand in for its own. Throws TypeError when it is none. */
export function brokerAddress(url: string, other?: { host: string; port?: number }): BrokerAddress {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  if (!isScheme(protocol)) throw new TypeError(`${protocol} is no address of an MQTT broker`);
  const host = other?.host ?? hostname.replace(/^\[|\]$/g, '');
  const number = other?.port ?? (port === '' || other !== undefined ? DEFAULT_PORTS[protocol] : Number(port));
  const overWebSocket = protocol === 'ws:' || protocol === 'wss:';
  const secure = protocol === 'mqtts:' || protocol === 'ssl:' || protocol === 'wss:';
  const path = overWebSocket ? `${pathname}${search}` : undefined;
  const scheme = overWebSocket ? protocol : secure ? 'mqtts:' : 'mqtt:';
  return {
    host,
    port: number,
    secure,
    path,
    url: `${scheme}//${addressOf(host, number)}${overWebSocket ? pathname : ''}`,
  };
}

/** The first place of a Server Reference, MQTT 5.0 section 4.11: `host`, `host:port` or `[address]:port`. */
export function referredAddress(reference: string): { host: string; port?: number } | undefined {
  const [first = ''] = reference.trim().split(/\s+/);
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(first);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) return undefined;
  const port = match?.[3];
  return port === undefined ? { host } : { host, port: Number(port) };
}

function isScheme(protocol: string): protocol is keyof typeof DEFAULT_PORTS {
  return Object.hasOwn(DEFAULT_PORTS, protocol);
}
