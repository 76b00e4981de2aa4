import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { Services } from '../../../src/app/services.ts';
import { environmentProxy, isExcepted, proxyUrl } from '../../../src/endpoint/proxy.ts';
import { Fault } from '../../../src/fault.ts';
import type { HttpClientSettings } from '../../../src/http/client/index.ts';
import type { SettingsOf } from '../../../src/spec/field.ts';
import { pem } from '../../adapter/link-settings.ts';
import type { definition } from './definition.ts';

type Settings = SettingsOf<(typeof definition)['fields']>;

/** What the client is told. Throws SETTINGS_INVALID for a certificate or key that cannot be read. */
export function clientSettingsOf(services: Services, settings: Settings): HttpClientSettings {
  const { persist, insecureHTTPParser } = settings;
  return {
    ...settings,
    keepAlive: persist,
    insecureParser: insecureHTTPParser,
    secureContext: secureContextOf(services, settings),
    proxyFor: proxyOf(settings),
  };
}

function secureContextOf({ identity, authority }: Services, settings: Settings): SecureContext {
  const { ca, cert, key, pfx, passphrase, ownIdentity } = settings;
  const isOwn = ownIdentity && cert === '' && pfx === '';
  const trusted = [...(ca === '' ? getCACertificates('default') : [ca]), ...(ownIdentity ? [authority.ca] : [])];
  try {
    return createSecureContext({
      ca: trusted,
      ...(pfx === '' ? {} : { pfx: Buffer.from(pfx, 'base64') }),
      ...(cert === '' ? {} : { cert: pem(cert) }),
      ...(key === '' ? {} : { key: pem(key) }),
      ...(passphrase === '' ? {} : { passphrase }),
      ...(isOwn ? { cert: identity.cert, key: identity.key } : {}),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault(
      'SETTINGS_INVALID',
      { problems: `certificate or key cannot be read (${reason})` },
      { cause: error },
    );
  }
}

function proxyOf({ proxy, noproxy, proxyUser, proxyPassword }: Settings): HttpClientSettings['proxyFor'] {
  const fixed = proxy === '' || proxy === 'none' ? undefined : proxyUrl(proxy);
  return (url) => {
    if (proxy === 'none') return undefined;
    const { protocol, hostname, port } = url;
    const secure = protocol === 'https:';
    const target = { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (secure ? 443 : 80) : Number(port) };
    if (isExcepted(target, noproxy)) return undefined;
    const found = fixed ?? environmentProxy(target, [secure ? 'https' : 'http']);
    if (found === undefined || proxyUser === '') return found;
    const known = new URL(found);
    known.username = encodeURIComponent(proxyUser);
    known.password = encodeURIComponent(proxyPassword);
    return known;
  };
}
