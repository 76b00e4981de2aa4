import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, CaseLine } from '../bench.ts';
import { compare } from '../mqtt/compare.ts';
import type { Load } from '../mqtt/load/load.ts';
import { inRounds, type Rounds, type SideFigures } from '../mqtt/rounds.ts';
import { findProgram } from '../mqtt/sides/program.ts';
import { PATHS } from './flows.ts';
import { h2load } from './h2load.ts';
import { requestCases } from './request.ts';
import { bareSide, coreSide, nghttpdSide, ourSide, type Side } from './sides.ts';
import type { Target } from './target.ts';
import { wrk } from './wrk.ts';

/** How many ask at once, each with how many requests of HTTP/2. */
const CROWDS = [
  { connections: 1, streams: 32 },
  { connections: 50, streams: 8 },
  { connections: 1_000, streams: 8 },
] as const;
/** Nothing to share a connection with: each request costs both sides a read and a write of the system. */
const LONELY = { connections: 1_000, streams: 1 } as const;
const SIZES = [100, 1_024, 16_384] as const;

interface Case {
  readonly part: Part;
  readonly connections: number;
  readonly streams: number;
  /** Posted and given back; 0: read. */
  readonly sizeBytes: number;
}

const PARTS = ['read', 'echo', 'wrk', 'request'] as const;
type Part = (typeof PARTS)[number];

/** One of the sides, spoken to over one version of HTTP. */
type SideName = 'core' | 'ours1' | 'ours2' | 'fused1' | 'fused2' | 'bare1' | 'bare2' | 'nghttpd';

export const bench: Bench = {
  about:
    'HTTP in -> response, and requests, through Node-RED over HTTP/2 and HTTP/1.1; against core nodes, node:http2 and node:http by hand, nghttpd, undici',
  parts: PARTS,
  async *run({ quick, part }): AsyncIterable<CaseLine> {
    const rounds: Rounds = quick
      ? { count: 3, sliceMs: 400, warmUpMs: 400 }
      : { count: 5, sliceMs: 1_000, warmUpMs: 1_000 };
    if (part === undefined || part === 'request') yield* requestCases(quick, rounds);
    if (part === 'request') return;
    const programs = { h2load: await findProgram('h2load'), wrk: await findProgram('wrk') };
    for (const [peerName, file] of Object.entries(programs)) {
      if (file === undefined)
        yield { case: 'all', peerName, skipped: 'not installed; apt-get install nghttp2-client wrk' };
    }
    await using opened = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-http2-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, PATHS.read), '{}');
    for (const size of SIZES) await writeFile(bodyFile(folder, size), Buffer.alloc(size, 'x'));
    const [core, wired, fused] = [await coreSide(), await ourSide(false), await ourSide(true)];
    const [bare1, bare2, nghttpd] = [await bareSide(1), await bareSide(2), await nghttpdSide(folder)];
    for (const side of [core, wired, fused, bare1, bare2, nghttpd]) if (side !== undefined) opened.use(side);
    const sides: Readonly<Record<SideName, { side: Side | undefined; version: 1 | 2 }>> = {
      core: { side: core, version: 1 },
      ours1: { side: wired, version: 1 },
      ours2: { side: wired, version: 2 },
      fused1: { side: fused, version: 1 },
      fused2: { side: fused, version: 2 },
      bare1: { side: bare1, version: 1 },
      bare2: { side: bare2, version: 2 },
      nghttpd: { side: nghttpd, version: 2 },
    };
    for (const one of casesOf(quick)) {
      if (part !== undefined && one.part !== part) continue;
      const asked = Object.entries(sides).filter(([name, { side }]) => isAsked(name as SideName, one, quick) && side);
      const targets = new Map(asked.map(([name, side]) => [name, targetOf(one, side as Served, folder)]));
      const load = askerOf(one, programs, folder, targets);
      if (load === undefined) continue;
      const runners = asked.map(([name, { side }]) => ({ name, key: name, pids: () => [side!.pid] }));
      const figures = await inRounds(load, runners, rounds);
      yield* linesOf(one, new Map(figures.map((side) => [side.name as SideName, side])));
    }
  },
};

interface Served {
  readonly side: Side;
  readonly version: 1 | 2;
}

function casesOf(quick: boolean): Case[] {
  const read = [...CROWDS, LONELY].map((crowd) => ({ ...crowd, part: 'read' as const, sizeBytes: 0 }));
  const posted = SIZES.flatMap((sizeBytes) => CROWDS.map((crowd) => ({ ...crowd, sizeBytes })));
  const echo = posted.map((one) => ({ ...one, part: 'echo' as const }));
  const all: Case[] = [...read, ...echo, ...posted.map((one) => ({ ...one, part: 'wrk' as const }))];
  return quick ? all.filter(({ connections, sizeBytes }) => connections === 50 && sizeBytes <= 100) : all;
}

/** Who asks; undefined: it is not installed. */
function askerOf(
  { part }: Case,
  programs: { readonly h2load: string | undefined; readonly wrk: string | undefined },
  folder: string,
  targets: ReadonlyMap<string, Target>,
): Pick<Load, 'run'> | undefined {
  const file = programs[part === 'wrk' ? 'wrk' : 'h2load'];
  if (file === undefined) return undefined;
  return part === 'wrk' ? wrk(file, join(folder, 'post.lua'), targets) : h2load(file, join(folder, 'log'), targets);
}

/** A quick run leaves out what no goal is set for. */
function isAsked(name: SideName, { part, connections, streams }: Case, quick: boolean): boolean {
  if (name === 'nghttpd') return part === 'read' && !quick;
  // HTTP/1.1 is the same for both crowds of so many.
  if (connections === LONELY.connections && streams === LONELY.streams) return name === 'core' || name.endsWith('2');
  if (part === 'wrk' && name.endsWith('2')) return false;
  return !quick || !name.startsWith('ours');
}

function targetOf({ connections, streams, sizeBytes }: Case, { side, version }: Served, folder: string): Target {
  return {
    url: side.origin + (sizeBytes === 0 ? PATHS.read : PATHS.echo),
    version,
    connections,
    // A browser of HTTP/1.1 does not ask again before it has its answer.
    streams: version === 1 ? 1 : streams,
    sizeBytes,
    bodyFile: bodyFile(folder, sizeBytes),
  };
}

function* linesOf(
  { part, connections, streams, sizeBytes }: Case,
  figures: ReadonlyMap<SideName, SideFigures>,
): Iterable<CaseLine> {
  const size = sizeBytes >= 1_024 ? `${sizeBytes / 1_024} KiB` : `${sizeBytes} B`;
  const crowd = `${connections} connections${streams === 1 ? ' of one request each' : ''}`;
  const what = `${sizeBytes === 0 ? 'read {}' : `echo ${size}`}, ${crowd}${part === 'wrk' ? ', wrk' : ''}`;
  const line = (ours: SideName, way: string, peer: SideName, peerName: string, goal: number): CaseLine | undefined =>
    figures.has(ours) && figures.has(peer)
      ? compare({ case: `${what}, ${way}`, ours: figures.get(ours), peer: figures.get(peer), peerName, goal })
      : undefined;
  // The goals are set for small requests of many; everywhere else ours must only not be slower.
  const isSmall = sizeBytes <= 100;
  const lines = [
    line('fused2', 'HTTP/2, fused', 'core', 'core nodes, HTTP/1.1', isSmall ? 4 : 1),
    line('fused1', 'HTTP/1.1, fused', 'core', 'core nodes, HTTP/1.1', isSmall ? 2 : 1),
    line('fused2', 'HTTP/2, fused', 'bare2', 'node:http2 by hand', 1 / MOST_CPU),
    line('fused1', 'HTTP/1.1, fused', 'bare1', 'node:http by hand', 0),
    line('ours2', 'HTTP/2, wired', 'core', 'core nodes, HTTP/1.1', isSmall ? 3 : 1),
    line('ours1', 'HTTP/1.1, wired', 'core', 'core nodes, HTTP/1.1', isSmall ? 1.5 : 1),
    line('fused2', 'HTTP/2, fused', 'nghttpd', 'nghttpd, in C', 0),
  ];
  for (const one of lines) if (one !== undefined) yield one;
}

/** CPU time of ours to that of a handler by hand. */
const MOST_CPU = 1.25;

const bodyFile = (folder: string, sizeBytes: number): string => join(folder, `body-${sizeBytes}`);
