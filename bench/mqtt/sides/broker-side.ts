import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChild } from '../../child.ts';
import { residentBytes } from '../cpu.ts';
import type { Absent } from './bridge-side.ts';
import type { BrokerQuestion } from './broker-process.ts';
import { findProgram, freePort, listening, startProgram } from './program.ts';

/** PEM texts, and the folder with `cert.pem` and `key.pem`. */
export interface Certificates {
  readonly cert: string;
  readonly key: string;
  readonly folder: string;
}

/** A broker that listens, on a plain port and on one with TLS. */
export interface BrokerSide extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly plain: number;
  readonly tls: number;
  /** From the start to the moment it takes connections, in ms. */
  readonly openedInMs: number;
  /** Resident memory, in bytes. */
  memory(): Promise<number>;
}

export interface BrokerForm {
  readonly certificates: Certificates;
  /** Sessions and retained messages are kept in this folder. */
  readonly folder?: string;
}

export async function ourBroker(name: string, form: BrokerForm): Promise<BrokerSide> {
  return await nodeBroker(name, 'ours', form);
}

/** `absent` when the package is not there any more. */
export async function aedesBroker(name: string, form: BrokerForm): Promise<BrokerSide | Absent> {
  try {
    return await nodeBroker(name, 'aedes', form);
  } catch (error) {
    return { name, absent: error instanceof Error ? error.message : String(error) };
  }
}

async function nodeBroker(
  name: string,
  broker: 'ours' | 'aedes',
  { certificates: { cert, key }, folder }: BrokerForm,
): Promise<BrokerSide> {
  await using opened = new AsyncDisposableStack();
  const child = opened.use(startChild(new URL('./broker-process.ts', import.meta.url), { execArgv: ['--expose-gc'] }));
  const ask = (question: BrokerQuestion): Promise<unknown> => child.ask(question);
  const open = { do: 'open', broker, identity: { cert, key }, ...(folder !== undefined && { folder }) } as const;
  const ports = (await ask(open)) as { plain: number; tls: number; openedInMs: number };
  const life = opened.move();
  return {
    name,
    pid: child.pid,
    ...ports,
    memory: async () => Number(await ask({ do: 'memory' })),
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

/** mosquitto without limits on what is under way, with Nagle's delay off as ours has it. */
export async function mosquittoBroker(
  name: string,
  { certificates, folder }: BrokerForm,
): Promise<BrokerSide | Absent> {
  const program = await findProgram('mosquitto');
  if (program === undefined) return { name, absent: 'mosquitto is not installed' };
  await using opened = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'chartwire-bench-mosquitto-'));
  opened.defer(() => rm(home, { recursive: true, force: true }));
  const [plain, tls] = [await freePort(), await freePort()];
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const lines = [
    `listener ${plain} 127.0.0.1`,
    `listener ${tls} 127.0.0.1`,
    `certfile ${join(certificates.folder, 'cert.pem')}`,
    `keyfile ${join(certificates.folder, 'key.pem')}`,
    'allow_anonymous true',
    'set_tcp_nodelay true',
    'max_inflight_messages 0',
    'max_queued_messages 0',
    'log_type none',
    // Otherwise it gives up its rights when started by root, and then cannot read the files above.
    'user root',
    ...(folder === undefined ? ['persistence false'] : ['persistence true', `persistence_location ${folder}/`]),
  ];
  await writeFile(join(home, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  const started = performance.now();
  const running = opened.use(startProgram(program, ['-c', join(home, 'mosquitto.conf')]));
  await listening(plain);
  const openedInMs = performance.now() - started;
  const life = opened.move();
  return {
    name,
    pid: running.pid,
    plain,
    tls,
    openedInMs,
    memory: async () => residentBytes(running.pid),
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

/** What mosquitto says of itself, as `mosquitto 2.0.11`. */
export async function mosquittoName(): Promise<string> {
  const program = await findProgram('mosquitto');
  if (program === undefined) return 'mosquitto';
  // Its help goes with exit code 3.
  const { stdout } = await promisify(execFile)(program, ['-h']).catch((error: { stdout: string }) => error);
  return `mosquitto ${/version (\S+)/.exec(stdout)?.[1] ?? ''}`.trim();
}
