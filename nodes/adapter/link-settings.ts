import { createSecureContext, getCACertificates } from 'node:tls';
import type { Services } from '../../src/app/services.ts';
import type { LinkLimits, TlsIdentity } from '../../src/endpoint/endpoint.ts';
import { Fault } from '../../src/fault.ts';

interface Trust {
  readonly url: string;
  readonly ca: string;
  readonly servername: string;
  readonly cert: string;
  readonly key: string;
}

type StoredLimits = { readonly [Name in keyof LinkLimits]?: number };

/** Only the limits of a link node's settings, for an endpoint. */
export function limitsOf(settings: StoredLimits): LinkLimits {
  const { maxPayloadBytes, maxInFlight, maxWaiting, sendTimeoutMs } = settings;
  const { reconnectFirstMs, reconnectLongestMs, keepAliveMs } = settings;
  const all = {
    maxPayloadBytes,
    maxInFlight,
    maxWaiting,
    sendTimeoutMs,
    reconnectFirstMs,
    reconnectLongestMs,
    keepAliveMs,
  };
  return Object.fromEntries(Object.entries(all).filter(([, limit]) => limit !== undefined));
}

/** Who we are and whom we trust: our own identity and CA for our own front door, what Node.js trusts elsewhere. Throws SETTINGS_INVALID. */
export function trustOf({ identity, authority }: Services, { url, ca, servername, cert, key }: Trust): TlsIdentity {
  const own = url === '';
  const trusted = ca !== '' ? ca : own ? authority.ca : getCACertificates('default').join('\n');
  const client = cert !== '' || key !== '' ? { cert: pem(cert), key: pem(key) } : own ? identity : undefined;
  const tls: TlsIdentity = {
    ca: trusted,
    ...(client?.cert !== undefined && { cert: client.cert }),
    ...(client?.key !== undefined && { key: client.key }),
    ...(servername !== '' && { servername }),
  };
  checkReadable(tls);
  return tls;
}

/** OpenSSL's words for what it cannot read are all there is, and they come only when it tries. */
function checkReadable({ ca, cert, key }: TlsIdentity): void {
  try {
    createSecureContext({ ca, cert, key });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault(
      'SETTINGS_INVALID',
      { problems: `certificate or key cannot be read (${reason})` },
      { cause: error },
    );
  }
}

/** A form's input of one line drops the line ends of what is pasted; PEM needs them after the header and before the footer. */
export function pem(text: string): string {
  return text.replaceAll(
    /-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \1-----\s*/g,
    (_whole, label: string, body: string) =>
      `-----BEGIN ${label}-----\n${(body.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`,
  );
}
