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
  const say = (line: string): void => console.log(json ? JSON.stringify({ event: 'said', line }) : line);
  const started = await program.start({
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
  const running: Running = {
    close: async () => {
      await started.close();
      if (home === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
  const stopped = untilStopped(running);
  const ready = { event: 'ready', url: started.url, home: folder, nodes: flow.length };
  console.log(
    json ? JSON.stringify(ready) : `Chartwire runs ${flow.length} nodes at ${started.url}, state in ${folder}`,
  );
  await stopped;
}
