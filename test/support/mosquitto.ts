import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { IssuedCertificate } from '../../src/security/certificates.ts';
import { unusedPort } from './unused-port.ts';

export interface Mosquitto extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Empty without a certificate. */
  readonly secureUrl: string;
  /** Ends it without a goodbye and starts it again at the same ports; it forgets everything. */
  restart(): Promise<void>;
  /** Ends it, as a crash would. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** A real mosquitto on ports of its own, open to everybody, with nothing on disk. */
export async function openMosquitto(
  certificate?: IssuedCertificate,
  lines: readonly string[] = [],
): Promise<Mosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-mosquitto-'));
  const port = await unusedPort();
  const securePort = await unusedPort();
  const file = join(folder, 'mosquitto.conf');
  await writeFile(join(folder, 'cert.pem'), certificate?.cert ?? '');
  await writeFile(join(folder, 'key.pem'), certificate?.key ?? '', { mode: 0o600 });
  const secure = [
    `listener ${securePort} 127.0.0.1`,
    `certfile ${join(folder, 'cert.pem')}`,
    `keyfile ${join(folder, 'key.pem')}`,
  ];
  const config = [
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    'allow_anonymous true',
    'persistence false',
    'set_tcp_nodelay true',
    ...lines,
    `listener ${port} 127.0.0.1`,
    ...(certificate === undefined ? [] : secure),
  ];
  await writeFile(file, `${config.join('\n')}\n`);
  let running: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const child = spawn(process.env['MOSQUITTO_PATH'] ?? '/usr/sbin/mosquitto', ['-c', file], { stdio: 'ignore' });
    running = child;
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
      await pause(5);
    }
  };
  const kill = async (): Promise<void> => {
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    secureUrl: certificate === undefined ? '' : `mqtts://127.0.0.1:${securePort}`,
    start,
    kill,
    async restart() {
      await kill();
      await start();
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
