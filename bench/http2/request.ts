import type { CaseLine } from '../bench.ts';
import { startChild, type Child } from '../child.ts';
import { compare } from '../mqtt/compare.ts';
import { inRounds, type Rounds, type SideFigures } from '../mqtt/rounds.ts';
import { PATHS } from './flows.ts';
import { bareSide } from './sides.ts';
import type { AskingSetup } from './sides/asking-process.ts';

type Way = Pick<AskingSetup, 'by' | 'version'>;

/** Who asks, and over what. The servers are the same handlers by hand for all. */
const WAYS = {
  core: { by: 'core', version: 1 },
  ours1: { by: 'ours', version: 1 },
  ours2: { by: 'ours', version: 2 },
  hand1: { by: 'hand', version: 1 },
  hand2: { by: 'hand', version: 2 },
  undici1: { by: 'undici', version: 1 },
  undici2: { by: 'undici', version: 2 },
} as const satisfies Record<string, Way>;
type Name = keyof typeof WAYS;

/** A flow that asks a web server: request nodes, and what they stand on. */
export async function* requestCases(quick: boolean, rounds: Rounds): AsyncIterable<CaseLine> {
  await using opened = new AsyncDisposableStack();
  const servers = { 1: opened.use(await bareSide(1)), 2: opened.use(await bareSide(2)) };
  for (const crowd of quick ? [50] : [1, 50]) {
    for (const sizeBytes of quick ? [0] : [0, 1_024, 16_384]) {
      const figures = await measure(servers, { crowd, sizeBytes }, rounds);
      yield* linesOf(crowd, sizeBytes, figures);
    }
  }
}

async function measure(
  servers: Readonly<Record<1 | 2, { readonly origin: string }>>,
  load: Pick<AskingSetup, 'crowd' | 'sizeBytes'>,
  rounds: Rounds,
): Promise<Map<Name, SideFigures>> {
  await using opened = new AsyncDisposableStack();
  const children = new Map<string, Child>();
  for (const [name, way] of Object.entries(WAYS)) {
    const child = opened.use(startChild(new URL('./sides/asking-process.ts', import.meta.url)));
    const url = servers[way.version].origin + (load.sizeBytes === 0 ? PATHS.read : PATHS.echo);
    await child.ask({ ...way, ...load, url } satisfies AskingSetup);
    children.set(name, child);
  }
  const runs = { run: async (key: string, forMs: number) => (await children.get(key)!.ask(forMs)) as never };
  const runners = Array.from(children, ([name, child]) => ({ name, key: name, pids: () => [child.pid] }));
  const figures = await inRounds(runs, runners, rounds);
  return new Map(figures.map((side) => [side.name as Name, side]));
}

function* linesOf(crowd: number, sizeBytes: number, figures: ReadonlyMap<Name, SideFigures>): Iterable<CaseLine> {
  const what = `request, ${sizeBytes === 0 ? 'GET {}' : `POST ${sizeBytes / 1_024} KiB`}, ${crowd} at once`;
  const line = (ours: Name, way: string, peer: Name, peerName: string, goal: number): CaseLine =>
    compare({ case: `${what}, ${way}`, ours: figures.get(ours), peer: figures.get(peer), peerName, goal });
  yield line('ours2', 'HTTP/2', 'core', 'core node, HTTP/1.1', crowd === 1 ? 1 : 2);
  yield line('ours1', 'HTTP/1.1', 'core', 'core node, HTTP/1.1', crowd === 1 ? 1 : 2);
  yield line('ours2', 'HTTP/2', 'hand2', 'node:http2 by hand', 0);
  yield line('ours1', 'HTTP/1.1', 'hand1', 'node:http by hand', 0);
  yield line('ours2', 'HTTP/2', 'undici2', 'undici by hand, HTTP/2', 0);
  yield line('ours1', 'HTTP/1.1', 'undici1', 'undici by hand, HTTP/1.1', 0);
}
