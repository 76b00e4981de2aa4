import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program, Running } from '../command.ts';
import { homeOption } from '../home.ts';
import { untilStopped } from '../until-stopped.ts';

export interface RunOptions {
  /** Where state is kept; without one it is thrown away at the end. */
  readonly home: string | undefined;
  readonly host: string;
  readonly tlsPort: number;
  readonly json: boolean;
}

/** Runs flows without an editor until a signal comes. */
export async function run(flow: readonly object[], options: RunOptions, program: Program): Promise<void> {
  const { home, host, tlsPort, json } = options;
  const folder = home === undefined ? await mkdtemp(join(tmpdir(), 'chartwire-run-')) : homeOption(home);
  const print = console.log;
  // Node-RED prints its log; where others read JSON it must not stand between.
  if (json) Object.assign(console, { log: console.error });
  const say = (line: string): void => print(json ? JSON.stringify({ event: 'said', line }) : line);
  const forget = async (): Promise<void> => {
    if (home === undefined) await rm(folder, { recursive: true, force: true });
  };
  const starting = program.start({
    home: folder,
    host,
    port: 0,
    tlsPort,
    portsGiven: { port: true, tlsPort: tlsPort !== 0 },
    headless: true,
    editorTls: false,
    insecure: false,
    fuse: true,
    password: undefined,
    say,
    flow,
  });
  const started = await starting.catch(async (error: unknown) => {
    await forget();
    throw error;
  });
  const running: Running = {
    close: async () => {
      await started.close();
      await forget();
    },
  };
  const stopped = untilStopped(running);
  const ready = { event: 'ready', url: started.url, home: folder, nodes: flow.length };
  print(json ? JSON.stringify(ready) : `Chartwire runs ${flow.length} nodes at ${started.url}, state in ${folder}`);
  await stopped;
}
