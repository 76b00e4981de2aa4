import { startChild, type Child } from '../child.ts';
import { findProgram, freePort, listening, startProgram } from '../mqtt/sides/program.ts';
import { coreFlow, ourFlow } from './flows.ts';

/** A process that answers, and where. */
export interface Side extends AsyncDisposable {
  readonly pid: number;
  readonly origin: string;
}

export async function coreSide(): Promise<Side> {
  const child = startChild(new URL('./sides/red-process.ts', import.meta.url));
  return sideOf(child, Number(await child.ask({ withOurs: false, flow: coreFlow() })));
}

/** `fused` lets messages go from one node to the next by direct calls, as they do unless somebody listens on the wire. */
export async function ourSide(fused: boolean): Promise<Side> {
  const port = await freePort();
  const env: Readonly<Record<string, string>> = fused ? {} : { CHARTWIRE_FUSE: 'off' };
  const child = startChild(new URL('./sides/red-process.ts', import.meta.url), { env });
  await child.ask({ withOurs: true, flow: ourFlow(port) });
  await listening(port);
  return sideOf(child, port);
}

export async function bareSide(version: 1 | 2): Promise<Side> {
  const child = startChild(new URL('./sides/bare-process.ts', import.meta.url));
  return sideOf(child, Number(await child.ask(version)));
}

/** nghttpd of nghttp2, in C; it gives files, so it can only be read from. */
export async function nghttpdSide(folder: string): Promise<Side | undefined> {
  const file = await findProgram('nghttpd');
  if (file === undefined) return undefined;
  const port = await freePort();
  const program = startProgram(file, ['--no-tls', '-d', folder, '-a', '127.0.0.1', String(port)]);
  await listening(port);
  return { pid: program.pid, origin: originOf(port), [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

function sideOf(child: Child, port: number): Side {
  return { pid: child.pid, origin: originOf(port), [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

const originOf = (port: number): string => `http://127.0.0.1:${port}`;
