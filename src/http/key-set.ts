import { createLocalJWKSet, createRemoteJWKSet, customFetch, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { Fault } from '../fault.ts';

const FETCH_TIMEOUT_MS = 5_000;
/** Key sets hold a few keys of a few hundred bytes; what goes on and on is not read on. */
const MAX_BYTES = 1_048_576;

/** Finds the key of a token: at an address (RFC 7517), or in a key set that is given as JSON. Throws SETTINGS_INVALID. */
export function keyFinder(keys: string): JWTVerifyGetKey {
  if (keys.trim().startsWith('{')) return setOf(keys);
  return createRemoteJWKSet(new URL(keys), { timeoutDuration: FETCH_TIMEOUT_MS, [customFetch]: fetchBounded });
}

function setOf(text: string): JWTVerifyGetKey {
  try {
    return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
  } catch (error) {
    throw new Fault('SETTINGS_INVALID', { problems: 'the keys of tokens are no JSON Web Key Set' }, { cause: error });
  }
}

async function fetchBounded(url: string, options: RequestInit): Promise<Response> {
  const { status, body } = await fetch(url, options);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BYTES) throw new RangeError(`the keys of tokens are more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status });
}
