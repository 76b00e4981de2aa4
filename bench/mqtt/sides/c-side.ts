import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Absent, BridgeSide } from './bridge-side.ts';
import { startProgram, type Program } from './program.ts';

const run = promisify(execFile);
const source = fileURLToPath(new URL('./bridge.c', import.meta.url));

/** A program in C with libmosquitto, compiled here and now. It has no middle. */
export async function cSide(name: string): Promise<BridgeSide | Absent> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-c-'));
  const binary = join(folder, 'bridge');
  const compiled = await run('cc', ['-O2', '-o', binary, source, '-lmosquitto']).then(
    () => true,
    () => false,
  );
  if (!compiled) {
    await rm(folder, { recursive: true });
    return { name, absent: 'cc or libmosquitto-dev is not installed' };
  }
  let program: Program | undefined;
  return {
    name,
    get pids() {
      return program === undefined ? [] : [program.pid];
    },
    async join({ port, qos, tls }) {
      await program?.[Symbol.asyncDispose]();
      program = startProgram(binary, [String(port), String(qos), ...(tls === undefined ? [] : [tls.caFile])]);
    },
    async [Symbol.asyncDispose]() {
      await program?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
