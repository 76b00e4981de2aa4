import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { addressOf } from '../address.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a connection is to lead, through a proxy or not. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** The proxy does not let us through: who we are to it, or where we want to go, does not please it. */
export class ProxyRefusal extends Error {
  readonly proxy: string;
  readonly status: number;

  constructor(proxy: string, status: number) {
    super(`the proxy ${proxy} answered ${status}`);
    this.name = 'ProxyRefusal';
    this.proxy = proxy;
    this.status = status;
  }
}

/** The proxy the environment names for one of these schemes or for all, unless it says that the target is reached without. Never for this machine. */
export function environmentProxy(
  target: Target,
  schemes: readonly string[],
  environment: Environment = process.env,
): URL | undefined {
  const { host } = target;
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return undefined;
  if (isExcepted(target, read(environment, 'no'))) return undefined;
  for (const scheme of [...schemes, 'all']) {
    const proxy = read(environment, scheme);
    if (proxy !== '') return proxyUrl(proxy);
  }
  return undefined;
}

/** Whether a list like that of `no_proxy` names this target: hosts, what is below a domain, `host:port`, or `*`. */
export function isExcepted({ host, port }: Target, exceptions: string): boolean {
  return exceptions
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => isException(entry.toLowerCase(), host.toLowerCase(), port));
}

/** Reads the address of a proxy. Throws TypeError when it is none of ours. */
export function proxyUrl(text: string): URL {
  const url = new URL(text.includes('://') ? text : `http://${text}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError(`${url.protocol} is no proxy for CONNECT`);
  return url;
}

/** What a proxy is told of who asks, when its address holds a name (RFC 9110, 11.7.2). */
export function proxyAuthorization({ username, password }: URL): string | undefined {
  if (username === '') return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** A connection to the target through the proxy (CONNECT; RFC 9110, 9.3.6). Rejects with what the proxy answered. */
export async function connectThrough(proxy: URL, { host, port }: Target, signal: AbortSignal): Promise<Socket> {
  const { protocol, hostname } = proxy;
  const secure = protocol === 'https:';
  const target = addressOf(host, port);
  const authorization = proxyAuthorization(proxy);
  const connecting = (secure ? httpsRequest : httpRequest)({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port === '' ? (secure ? 443 : 80) : Number(proxy.port),
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...(authorization !== undefined && { 'proxy-authorization': authorization }) },
    agent: false,
    signal,
  });
  connecting.end();
  const answered: unknown[] = await Promise.race([once(connecting, 'connect'), once(connecting, 'response')]);
  const [response, socket, head] = answered as [IncomingMessage, Socket | undefined, Buffer | undefined];
  if (response.statusCode !== 200 || socket === undefined) {
    connecting.destroy();
    socket?.destroy();
    throw new ProxyRefusal(proxy.host, response.statusCode ?? 0);
  }
  if (head !== undefined && head.length > 0) socket.unshift(head);
  return socket;
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
