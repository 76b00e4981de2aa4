import { createHash } from 'node:crypto';

/** RFC 6455, 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TOKEN = /^[!#$%&'*+\-.^_\x60|~0-9A-Za-z]+$/;

/** `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key` (RFC 6455, 4.2.2). */
export function acceptKey(key: string): string {
  return createHash('sha1')
    .update(key + GUID)
    .digest('base64');
}

/** Whether 16 bytes in Base64 stand there (RFC 6455, 4.2.1). */
export function isHandshakeKey(key: string | undefined): key is string {
  return key !== undefined && /^[+/0-9A-Za-z]{21}[AQgw]==$/.test(key);
}

/** The sub-protocols of a header, in the client's order; undefined when it is not a list of them or one comes twice (RFC 6455, 4.1). */
export function parseProtocols(header: string | undefined): string[] | undefined {
  if (header === undefined) return [];
  const protocols = header.split(',').map((protocol) => protocol.trim());
  const isValid = protocols.every((protocol) => TOKEN.test(protocol)) && new Set(protocols).size === protocols.length;
  return isValid ? protocols : undefined;
}
