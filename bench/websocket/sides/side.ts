import { startChild, type ChildSetup } from '../../child.ts';
import { coreFlow, ourFlow } from '../flows.ts';

/** A process that serves both paths on a plain port. */
export interface Side extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

const RED = new URL('../../http2/sides/red-process.ts', import.meta.url);

/** Node-RED with the nodes it comes with. */
export async function coreSide(): Promise<Side> {
  return await start(RED, { withOurs: false, flow: coreFlow() });
}

/** Node-RED with our nodes; `fused` lets messages go from one to the next by direct calls. */
export async function ourSide(fused: boolean): Promise<Side> {
  return await start(RED, { withOurs: true, flow: ourFlow() }, fused ? {} : { env: { CHARTWIRE_FUSE: 'off' } });
}

/** A program by hand. */
export async function handSide(): Promise<Side> {
  return await start(new URL('./hand-process.ts', import.meta.url), {});
}

async function start(file: URL, question: object, setup: ChildSetup = {}): Promise<Side> {
  const child = startChild(file, setup);
  const port = Number(await child.ask(question));
  return { pid: child.pid, port, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}
