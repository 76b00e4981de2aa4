import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askControl } from '../../src/control/client.ts';

const PROGRAM = join(import.meta.dirname, '../../dist/bin/chartwire.js');
/** Set on the first start; the tests log in with it. */
export const PASSWORD = 'correct horse battery staple';
const USER = 'admin';

export interface HostSetup {
  /** A home to start on again; without one a new, empty home is made, and removed at the end. */
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** A running `chartwire start`: the real process on free ports. */
export interface TestHost extends AsyncDisposable {
  readonly url: string;
  readonly tlsPort: number;
  readonly home: string;
  readonly pid: number;
  /** Everything it printed so far, both streams. */
  readonly output: () => string;
  /** The access token of a login; one for all callers. */
  login(): Promise<string>;
  /** Asks the admin API as the logged-in user; an object as body goes as JSON. */
  api(path: string, init?: ApiInit): Promise<Response>;
  /** Asks it what `chartwire status --json` prints. */
  status(): Promise<Record<string, unknown>>;
  /** Sends SIGTERM, waits for the end, and throws when that was not a clean exit. Idempotent. */
  stop(): Promise<void>;
}

interface ApiInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Starts Chartwire and resolves when it says it is ready; rejects with what it printed when it ends before. */
export async function startChartwire({ home, env = {}, args = [] }: HostSetup = {}): Promise<TestHost> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run npm run build`);
  const folder = home ?? (await mkdtemp(join(tmpdir(), 'chartwire-home-')));
  const child = spawn(
    process.execPath,
    [PROGRAM, 'start', '--home', folder, '--port', '0', '--tls-port', '0', ...args],
    {
      // The channel tells the process when this one is gone, so that a killed test leaves nothing running.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, CHARTWIRE_PASSWORD: PASSWORD, ...env },
    },
  );
  const ended = once(child, 'exit');
  const output = collect(child);
  const removeHome = async (): Promise<void> => {
    if (home === undefined) await rm(folder, { recursive: true, force: true });
  };
  const status = async (): Promise<Record<string, unknown>> =>
    (await askControl(folder, 'status')) as Record<string, unknown>;
  let url: string;
  let tlsPort: number;
  try {
    url = await readyUrl(child, output);
    const { listeners } = (await status()) as { listeners: { frontDoor: string } };
    tlsPort = Number(new URL(listeners.frontDoor).port);
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    await removeHome();
    throw error;
  }

  let token: Promise<string> | undefined;
  const login = (): Promise<string> => (token ??= logIn(url));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    await removeHome();
    if (child.exitCode !== 0)
      throw new Error(`Chartwire ended with ${child.exitCode ?? child.signalCode}:\n${output()}`);
  };
  return {
    url,
    tlsPort,
    home: folder,
    pid: child.pid!,
    output,
    login,
    async api(path, { method = 'GET', headers = {}, body } = {}) {
      const own = {
        authorization: `Bearer ${await login()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      };
      return fetch(new URL(path, url), {
        method,
        headers: { ...own, ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    },
    status,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}

function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      const url = /^Chartwire ready (\S+) in/m.exec(output())?.[1];
      if (url !== undefined) resolve(url);
    });
    child.on('error', reject);
    child.on('close', () => reject(new Error(`Chartwire ended before it was ready:\n${output()}`)));
  });
}

async function logIn(url: string): Promise<string> {
  const form = { client_id: 'node-red-editor', grant_type: 'password', scope: '*', username: USER, password: PASSWORD };
  const response = await fetch(new URL('/auth/token', url), { method: 'POST', body: new URLSearchParams(form) });
  if (!response.ok) throw new Error(`the login was refused: ${response.status} ${await response.text()}`);
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}
