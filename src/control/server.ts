import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { boundedBody } from '../bounded-body.ts';
import { errorLine, Fault, type FaultCode } from '../fault.ts';
import { removeControlAddress, writeControlAddress } from './control-file.ts';

/** One thing a local command may ask of the running process. The answer is sent as JSON. */
export type ControlAction = (body: unknown) => unknown;

/** Largest request, in bytes: a flow to ship fits. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Serves local commands on loopback to whoever can read `<home>/control.json`. */
export async function openControl(
  home: string,
  actions: Readonly<Record<string, ControlAction>>,
): Promise<AsyncDisposable> {
  const token = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => {
    answer(request, token, actions).then(
      (result) => reply(response, 200, result ?? {}),
      (error: unknown) => reply(response, statusOf(error), { error: errorLine(error) }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await writeControlAddress(home, { pid: process.pid, url: `http://127.0.0.1:${port}`, token });
  return {
    async [Symbol.asyncDispose]() {
      await removeControlAddress(home);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  token: string,
  actions: Readonly<Record<string, ControlAction>>,
): Promise<unknown> {
  if (!isAllowed(request.headers.authorization, token)) throw new Fault('CONTROL_REFUSED', {});
  const name = (request.url ?? '/').slice(1);
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined)
    throw new Fault('COMMAND_UNKNOWN', { command: name, known: Object.keys(actions).join(', ') });
  return action(await bodyOf(request));
}

function isAllowed(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const body = await boundedBody(request, MAX_BODY_BYTES);
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new Fault('CONTROL_MALFORMED', { problem: String(error) });
  }
}

/** Of the faults made here; what an action fails with is a conflict with what runs. */
const STATUSES: Partial<Record<FaultCode, number>> = {
  COMMAND_UNKNOWN: 404,
  CONTROL_MALFORMED: 400,
  CONTROL_REFUSED: 401,
  PAYLOAD_TOO_LARGE: 413,
};

function statusOf(error: unknown): number {
  if (!(error instanceof Fault)) return 500;
  const { code }: { readonly code: FaultCode } = error;
  return STATUSES[code] ?? 409;
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
