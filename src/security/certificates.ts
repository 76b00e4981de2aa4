import { createHash, X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import { Fault } from '../fault.ts';
import { openAuthorityFiles } from './authority-files.ts';
import { provenKey } from './certificate-request.ts';
import { leafCertificate, type LeafProfile } from './certificate-profile.ts';
import { commonNameProblem } from './common-name.ts';
import { newKeyPair, privateKeyPem } from './key-pair.ts';

/** Longest life browsers accept is 398 days. */
const LEAF_DAYS = 397;
/** Servers are verified by their SAN; a fixed subject keeps long host names within bounds. */
const SERVER_NAME = 'chartwire-server';

/** A certificate and its private key, PEM texts. */
export interface IssuedCertificate {
  readonly cert: string;
  readonly key: string;
}

/** The local CA of one home: signs the certificates of our listeners, links and edge hosts. */
export interface Authority {
  /** The CA's certificate, PEM: what a far side must trust. */
  readonly ca: string;
  /** For a listener reached by these DNS names and IP addresses. Days default to 397. */
  issueServer(request: { names: readonly string[]; days?: number }): Promise<IssuedCertificate>;
  /** For a client whose identity is `commonName`. */
  issueClient(request: { commonName: string; days?: number }): Promise<IssuedCertificate>;
  /** For one end of a peer link, which both connects and accepts. */
  issuePeer(request: { commonName: string; names: readonly string[]; days?: number }): Promise<IssuedCertificate>;
  /**
   * A client certificate for the key of a PKCS #10 request. The name is ours to give: the request's own subject and
   * extensions are ignored. Throws REQUEST_UNTRUSTED when it cannot be read or its signature does not prove the key.
   */
  signRequest(csrPem: string, commonName: string, days?: number): Promise<{ readonly cert: string }>;
}

/** The CA kept in `<folder>/ca.key` and `ca.crt`; both are made on first use. Throws CERTIFICATE_UNUSABLE when they do not fit. */
export async function openAuthority(folder: string): Promise<Authority> {
  const files = await openAuthorityFiles(folder);
  const issue = async (profile: LeafProfile): Promise<IssuedCertificate> => {
    const keys = await newKeyPair();
    return {
      cert: pem(await leafCertificate(files, keys.publicKey, checked(profile))),
      key: await privateKeyPem(keys),
    };
  };
  return {
    ca: pem(files.cert),
    issueServer: ({ names, days = LEAF_DAYS }) => issue({ commonName: SERVER_NAME, names, use: 'server', days }),
    issueClient: ({ commonName, days = LEAF_DAYS }) => issue({ commonName, names: [], use: 'client', days }),
    issuePeer: ({ commonName, names, days = LEAF_DAYS }) => issue({ commonName, names, use: 'both', days }),
    async signRequest(csrPem, commonName, days = LEAF_DAYS) {
      const publicKey = await provenKey(csrPem);
      const profile = checked({ commonName, names: [], use: 'client', days });
      return { cert: pem(await leafCertificate(files, publicKey, profile)) };
    },
  };
}

/** SHA-256 of the certificate in DER, 64 hex digits: what peers pin. */
export function fingerprintOf(certPem: string): string {
  return createHash('sha256').update(new X509Certificate(certPem).raw).digest('hex');
}

/** The names a listener on this machine is reached by. */
export function localNames(): string[] {
  return [...new Set(['localhost', '127.0.0.1', '::1', hostname()])];
}

function checked(profile: LeafProfile): LeafProfile {
  const problem = profile.use === 'server' ? undefined : commonNameProblem(profile.commonName);
  if (problem !== undefined) throw new Fault('SETTINGS_INVALID', { problems: problem });
  return profile;
}

function pem(certificate: { toString(format: 'pem'): string }): string {
  return `${certificate.toString('pem')}\n`;
}
