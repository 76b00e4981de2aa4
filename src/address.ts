const LOOPBACK = /^((::ffff:)?127(\.\d{1,3}){3}|::1|localhost)$/;
const EVERYWHERE = new Set(['0.0.0.0', '::', '']);

/** True for an address or name only this machine reaches; IPv4 as IPv6 writes it (`::ffff:127.0.0.1`) too. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** True for what a listener on all networks is told to listen on. It is no address to connect to. */
export const isEverywhere = (host: string): boolean => EVERYWHERE.has(host);

/** `host:port` as it stands in a URL: an IPv6 address in brackets (RFC 3986, 3.2.2). */
export const addressOf = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
