import { hostname, networkInterfaces } from 'node:os';
import { addressOf, isEverywhere, isLoopback } from '../../src/address.ts';
import { localNames } from '../../src/security/certificates.ts';

/** The names a browser may reach the editor by; with any other, somebody else's page has pointed its own name at us. */
export function allowedHosts(host: string, port: number): string[] {
  return namesOf(host).map((name) => addressOf(name, port));
}

/** The name to print for a listener, one a browser reaches it by: that of this machine when it listens on all networks. */
export const shownHost = (host: string): string => (isEverywhere(host) ? hostname() : host);

function namesOf(host: string): string[] {
  if (isLoopback(host)) return [...new Set(['localhost', '127.0.0.1', '::1', host])];
  if (!isEverywhere(host)) return [...localNames(), host];
  const own = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address),
  );
  return [...new Set([...localNames(), ...own])];
}
