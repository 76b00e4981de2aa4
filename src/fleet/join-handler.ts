import { boundedBody } from '../bounded-body.ts';
import { Fault, isFault } from '../fault.ts';
import { answerBroken, answerFault } from '../front-door/answer.ts';
import type { DoorRequest, DoorResponse, HttpHandler } from '../front-door/door.ts';
import type { Authority } from '../security/certificates.ts';
import { type JoinAnswer, type JoinRequest, texts } from './join-code.ts';

/** Who may still join. */
export interface JoinTokens {
  /** The host a token is meant for; undefined when it was never given out, is used up or too old. */
  find(token: string): { readonly edgeId: string } | undefined;
  /** Called when the certificate exists: the token is worth nothing from now on. */
  burn(token: string): Promise<void>;
}

export interface JoinHandlerOptions {
  readonly authority: Pick<Authority, 'signRequest'>;
  readonly tokens: JoinTokens;
  /** `mqtts://host:port` the host shall connect to. */
  readonly broker: () => string;
}

const MAX_BODY_BYTES = 16_384;

/** Identity of an edge host on every listener. */
export function edgeIdentity(edgeId: string): string {
  return `edge-${edgeId}`;
}

/** Answers `POST /fleet/join`: a certificate for the key of the request, for a token that is good. */
export function createJoinHandler({ authority, tokens, broker }: JoinHandlerOptions): HttpHandler {
  const claimed = new Set<string>();
  const join = async (request: DoorRequest): Promise<JoinAnswer> => {
    const { token, csr } = await readRequest(request);
    const host = claimed.has(token) ? undefined : tokens.find(token);
    if (host === undefined) throw new Fault('JOIN_CODE_INVALID', { problem: 'it is used up, too old or unknown' });
    claimed.add(token);
    try {
      const { cert } = await authority.signRequest(csr, edgeIdentity(host.edgeId));
      await tokens.burn(token);
      return { edgeId: host.edgeId, certificate: cert, broker: broker() };
    } finally {
      claimed.delete(token);
    }
  };
  return (request, response) => {
    join(request).then(
      (answer) => respond(response, answer),
      (error: unknown) => refuse(response, error),
    );
  };
}

async function readRequest(request: DoorRequest): Promise<JoinRequest> {
  if (request.method !== 'POST') throw new Fault('MESSAGE_INVALID', { problem: 'joins are sent with POST' });
  const body = await boundedBody(request, MAX_BODY_BYTES);
  try {
    return texts(JSON.parse(body.toString()), ['token', 'csr']);
  } catch (error) {
    throw new Fault('MESSAGE_INVALID', { problem: (error as Error).message }, { cause: error });
  }
}

function respond(response: DoorResponse, answer: JoinAnswer): void {
  response.statusCode = 200;
  response.setHeader('content-type', 'application/json');
  response.setHeader('cache-control', 'no-store');
  response.end(JSON.stringify(answer));
}

function refuse(response: DoorResponse, error: unknown): void {
  if (!isFault(error)) answerBroken(response);
  else answerFault(response, error.code === 'JOIN_CODE_INVALID' ? 401 : 400, error);
}
