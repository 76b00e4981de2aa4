import { createHash, timingSafeEqual } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { identityOf } from '../../front-door/door.ts';
import type { Upgrade } from '../../front-door/upgrade.ts';

/** How far sides prove who they are before the upgrade. */
export type Authentication =
  /** A certificate our CA signed. */
  | { readonly kind: 'certificate' }
  /** Nothing is asked; a certificate of our CA still names its owner. */
  | { readonly kind: 'none' }
  /** Name and password (RFC 7617), or a certificate. */
  | { readonly kind: 'basic'; readonly users: ReadonlyMap<string, string> }
  /** A token (RFC 6750), in a header or as sub-protocol `bearer.<token>` for browsers, or a certificate. */
  | { readonly kind: 'bearer'; readonly tokens: ReadonlyMap<string, string> };

/** Who it is, if it said so; or how to prove it, as `www-authenticate` has it. */
export type Proof = { readonly identity: string | undefined } | { readonly challenge: string };

/** Browsers can set no header, only sub-protocols. */
export const BEARER_PROTOCOL = 'bearer.';

export function prove(upgrade: Upgrade, authentication: Authentication, protocols: readonly string[]): Proof {
  const { socket, headers } = upgrade;
  const certified = 'authorized' in socket ? identityOf(socket as TLSSocket) : undefined;
  if (certified !== undefined) return { identity: certified };
  const [scheme = '', credentials = ''] = (headers.authorization ?? '').split(' ', 2);
  switch (authentication.kind) {
    case 'none':
      return { identity: undefined };
    case 'certificate':
      return { challenge: '' };
    case 'basic': {
      const user = scheme.toLowerCase() === 'basic' ? userOf(credentials, authentication.users) : undefined;
      return user === undefined ? { challenge: 'Basic realm="websocket", charset="UTF-8"' } : { identity: user };
    }
    case 'bearer': {
      const offered = protocols.find((protocol) => protocol.startsWith(BEARER_PROTOCOL));
      const token = scheme.toLowerCase() === 'bearer' ? credentials : offered?.slice(BEARER_PROTOCOL.length);
      const owner = token === undefined ? undefined : ownerOf(token, authentication.tokens);
      return owner === undefined ? { challenge: 'Bearer realm="websocket"' } : { identity: owner };
    }
  }
}

function userOf(credentials: string, users: ReadonlyMap<string, string>): string | undefined {
  const text = Buffer.from(credentials, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const [name, password] = [text.slice(0, colon), text.slice(colon + 1)];
  const expected = users.get(name);
  // A name nobody has costs the same time.
  const isRight = areEqual(password, expected ?? '');
  return expected !== undefined && isRight ? name : undefined;
}

function ownerOf(token: string, tokens: ReadonlyMap<string, string>): string | undefined {
  let owner: string | undefined;
  for (const [known, name] of tokens) if (areEqual(token, known)) owner = name;
  return owner;
}

/** In a time that tells nothing about either. */
function areEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
