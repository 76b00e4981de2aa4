import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeIdentities } from '../endpoint/identities.ts';
import { startLoad, type Load } from './load/load.ts';
import type { Certificates } from './sides/broker-side.ts';

/** What all cases share. */
export interface World extends AsyncDisposable {
  readonly quick: boolean;
  /** A quick run begins nothing new any more. */
  isLate(): boolean;
  readonly load: Load;
  readonly certificates: Certificates;
  readonly ca: string;
  readonly caFile: string;
  /** A new, empty folder that goes when the world does. */
  readonly folder: (name: string) => string;
  /** Versions of the peers that come with the dependencies. */
  readonly versions: { readonly nodeRed: string; readonly mqtt: string; readonly aedes: string };
}

/** From the start of a quick run, in ms; the longest case then still ends within 50 s. */
const QUICK_MS = 38_000;

export async function openWorld(quick: boolean): Promise<World> {
  const start = performance.now();
  await using opened = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'chartwire-bench-mqtt-'));
  opened.defer(() => rm(home, { recursive: true, force: true }));
  const { ca, server } = await makeIdentities();
  const caFile = join(home, 'ca.pem');
  await writeFile(caFile, ca);
  await writeFile(join(home, 'cert.pem'), server.cert);
  await writeFile(join(home, 'key.pem'), server.key, { mode: 0o600 });
  const load = opened.use(startLoad());
  const versions = {
    nodeRed: await versionOf('node-red'),
    mqtt: await versionOf('mqtt'),
    aedes: await versionOf('aedes'),
  };
  const life = opened.move();
  return {
    quick,
    isLate: () => quick && performance.now() - start > QUICK_MS,
    load,
    certificates: { ...server, folder: home },
    ca,
    caFile,
    folder: (name) => join(home, name),
    versions,
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

/** As `mqtt 5.16.0`; without a version when it is not installed. */
async function versionOf(library: string): Promise<string> {
  const file = new URL(`../../node_modules/${library}/package.json`, import.meta.url);
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const { version } = JSON.parse(text) as { version?: string };
  return version === undefined ? library : `${library} ${version}`;
}
