import type { IncomingMessage, ServerResponse } from 'node:http';
import { boundedBody } from '../bounded-body.ts';
import { isFault } from '../fault.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { answer, redirect } from './answer.ts';
import type { Admin } from './first-run.ts';
import { LOCKED_PAGE, SETUP_PAGE } from './setup-page.ts';

const MAX_BODY_BYTES = 8_192;

/** Serves the set-up form and takes the first password; every other path is locked. Only called while set-up is needed. */
export async function serveSetup(
  request: IncomingMessage,
  response: ServerResponse,
  { admin, attempts, path }: { admin: Admin; attempts: AttemptLimit; path: string },
): Promise<void> {
  if (path !== '/setup')
    return answer(request, response, 401, 'open the address that Chartwire printed on its console', LOCKED_PAGE);
  if (request.method === 'GET' || request.method === 'HEAD')
    return answer(request, response, 200, 'set-up', SETUP_PAGE);
  if (request.method !== 'POST') return answer(request, response, 405, 'GET or POST');
  if (!request.headers['content-type']?.startsWith('application/json'))
    return answer(request, response, 415, 'send JSON');
  const body = await readBody(request);
  const { token, password } = fieldsOf(body);
  if (token === undefined || password === undefined) return answer(request, response, 400, 'send {"token","password"}');
  if (!admin.accepts(token)) {
    if (attempts.failed()) return answer(request, response, 429, 'too many wrong tokens; wait ten minutes');
    return answer(request, response, 403, 'the token is wrong; open the address that Chartwire printed on its console');
  }
  const problem = await admin.setPassword(token, password);
  if (problem !== undefined) return answer(request, response, 422, problem);
  return answer(request, response, 200, 'the password is set');
}

/** After set-up the form is gone. */
export function serveSetupDone(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET' || request.method === 'HEAD') redirect(response, './');
  else answer(request, response, 409, 'a password is set already');
}

/** Undefined for a body that is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  try {
    return (await boundedBody(request, MAX_BODY_BYTES)).toString();
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

function fieldsOf(body: string | undefined): { token?: string; password?: string } {
  try {
    const parsed: unknown = JSON.parse(body ?? '');
    if (typeof parsed !== 'object' || parsed === null || !('token' in parsed) || !('password' in parsed)) return {};
    const { token, password } = parsed;
    return typeof token === 'string' && typeof password === 'string' ? { token, password } : {};
  } catch {
    return {};
  }
}
