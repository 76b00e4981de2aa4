import { networkInterfaces } from 'node:os';
import { localNames } from '../../src/security/certificates.ts';

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;
const EVERYWHERE = new Set(['0.0.0.0', '::']);

export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** `host:port` as it stands in a URL. */
export const addressOf = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The names a browser may reach the editor by; with any other, somebody else's page has pointed its own name at us. */
export function allowedHosts(host: string, port: number): string[] {
  return namesOf(host).map((name) => addressOf(name, port));
}

function namesOf(host: string): string[] {
  if (isLoopback(host)) return ['localhost', '127.0.0.1', '::1'];
  if (!EVERYWHERE.has(host)) return [...localNames(), host];
  const own = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address),
  );
  return [...new Set([...localNames(), ...own])];
}
