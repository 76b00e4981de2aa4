import { createPublicKey } from 'node:crypto';
import { request } from 'node:https';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Fault } from '../../fault.ts';
import { readSecret, writeSecret } from '../../security/secret-file.ts';
import { decodeJoinCode, JOIN_PATH, type JoinCode, texts } from '../join-code.ts';

/** Who this host is and whom it obeys. Holds its private key. */
export interface EdgeIdentity {
  readonly edgeId: string;
  /** `mqtts://host:port` */
  readonly broker: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  /** SPKI PEM whose releases are run. */
  readonly releaseKey: string;
}

const FILE = 'identity.json';
const NAMES = ['edgeId', 'broker', 'ca', 'certificate', 'key', 'releaseKey'] as const;
const JOIN_TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 65_536;

/** The identity kept in this folder; undefined before the first join. Throws FILE_DAMAGED: a host never joins anew by itself. */
export async function findIdentity(folder: string): Promise<EdgeIdentity | undefined> {
  const file = join(folder, FILE);
  const kept = await readSecret(file);
  if (kept === undefined) return undefined;
  try {
    const identity = texts(JSON.parse(kept.text), NAMES);
    createSecureContext({ ca: identity.ca, cert: identity.certificate, key: identity.key });
    createPublicKey(identity.releaseKey);
    return identity;
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new Fault('FILE_DAMAGED', { file, reason }, { cause: error });
  }
}

/** Makes a key, has it certified with the join code and keeps both. Throws JOIN_CODE_INVALID or JOIN_REFUSED. */
export async function joinFleet(folder: string, codeText: string): Promise<EdgeIdentity> {
  const code = decodeJoinCode(codeText);
  // Loaded here: it is needed once in the life of a host, not at each start.
  const { createRequest } = await import('../../security/certificate-request.ts');
  const { csr, key } = await createRequest();
  const answer = await postJoin(code, JSON.stringify({ token: code.token, csr }));
  const identity: EdgeIdentity = { ...answer, ca: code.ca, key, releaseKey: code.releaseKey };
  await writeSecret(join(folder, FILE), JSON.stringify(identity));
  return identity;
}

async function postJoin(code: JoinCode, body: string): Promise<Record<'edgeId' | 'certificate' | 'broker', string>> {
  const refused = (answer: string, cause?: unknown): Fault =>
    new Fault('JOIN_REFUSED', { url: code.url, answer }, { cause });
  const { status, text } = await post(code, body).catch((error: Error) => {
    throw refused(error.message, error);
  });
  if (status !== 200) throw refused(`HTTP ${status} ${text.slice(0, 200)}`);
  try {
    return texts(JSON.parse(text), ['edgeId', 'certificate', 'broker']);
  } catch (error) {
    throw refused('an answer that cannot be read', error);
  }
}

function post({ url, ca }: JoinCode, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const posting = request(new URL(JOIN_PATH, url), {
      method: 'POST',
      ca,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal: AbortSignal.timeout(JOIN_TIMEOUT_MS),
    });
    posting.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('error', reject);
      response.on('data', (part: string) => {
        text += part;
        if (text.length > MAX_ANSWER_BYTES) posting.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    posting.end(body);
  });
}
