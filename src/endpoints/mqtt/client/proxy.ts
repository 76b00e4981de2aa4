import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { addressOf } from '../../../address.ts';
import type { BrokerAddress } from './address.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy the environment names for a broker. A WebSocket takes `http_proxy` or `https_proxy` too; a plain MQTT connection
 * only `mqtt_proxy`, `mqtts_proxy` or `all_proxy`, as proxies for pages seldom let others through. Never for this machine.
 */
export function proxyFor(address: BrokerAddress, environment: Environment = process.env): URL | undefined {
  if (isDirect(address, read(environment, 'no'))) return undefined;
  const { secure, path } = address;
  const names = path === undefined ? [secure ? 'mqtts' : 'mqtt'] : secure ? ['wss', 'https'] : ['ws', 'http'];
  for (const name of [...names, 'all']) {
    const proxy = read(environment, name);
    if (proxy !== '') return proxyUrl(proxy);
  }
  return undefined;
}

/** Reads the address of a proxy. Throws TypeError when it is none of ours. */
export function proxyUrl(text: string): URL {
  const url = new URL(text.includes('://') ? text : `http://${text}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError(`${url.protocol} is no proxy for CONNECT`);
  return url;
}

/** A connection to the broker through the proxy (CONNECT; RFC 9110, 9.3.6). Rejects with what the proxy answered. */
export async function connectThrough(proxy: URL, { host, port }: BrokerAddress, signal: AbortSignal): Promise<Socket> {
  const { protocol, hostname, username, password } = proxy;
  const secure = protocol === 'https:';
  const target = addressOf(host, port);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const connecting = (secure ? httpsRequest : httpRequest)({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port === '' ? (secure ? 443 : 80) : Number(proxy.port),
    method: 'CONNECT',
    path: target,
    headers: {
      host: target,
      ...(username !== '' && { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
    },
    agent: false,
    signal,
  });
  connecting.end();
  const answered: unknown[] = await Promise.race([once(connecting, 'connect'), once(connecting, 'response')]);
  const [response, socket, head] = answered as [IncomingMessage, Socket | undefined, Buffer | undefined];
  if (response.statusCode !== 200 || socket === undefined) {
    connecting.destroy();
    socket?.destroy();
    throw new Error(`the proxy ${proxy.host} answered ${response.statusCode}`);
  }
  if (head !== undefined && head.length > 0) socket.unshift(head);
  return socket;
}

function isDirect({ host, port }: BrokerAddress, exceptions: string): boolean {
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return true;
  return exceptions
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => isException(entry.toLowerCase(), host.toLowerCase(), port));
}

function isException(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const [, name = '', wanted] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (wanted !== undefined && Number(wanted) !== port) return false;
  const suffix = name.replace(/^\*?\.?/, '');
  return host === suffix || host.endsWith(`.${suffix}`);
}

function read(environment: Environment, name: string): string {
  return environment[`${name}_proxy`] ?? environment[`${name.toUpperCase()}_PROXY`] ?? '';
}
