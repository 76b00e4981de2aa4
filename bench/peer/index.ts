import { readFile } from 'node:fs/promises';
import type { Bench, CaseResult } from '../bench.ts';
import { startChild, type Child } from '../child.ts';
import { makeIdentities } from '../endpoint/identities.ts';
import { median } from '../median.ts';
import type { Question, SideName, Slice } from './side.ts';

interface Case {
  readonly part: 'lan' | 'direct';
  readonly against: SideName;
  readonly payloadBytes: number;
  readonly goal: number;
}

/** On one network within 1.5 times of bare TLS; a direct path no slower than the library's own messages. */
const cases: readonly Case[] = [100, 1_024, 16_384].flatMap((payloadBytes) => [
  { part: 'lan', against: 'tls', payloadBytes, goal: 0.67 },
  { part: 'direct', against: 'datachannel', payloadBytes, goal: 1 },
]);

/** The compilers need as long for a side, uncounted. */
const WARM_UP_MS = 1_500;

const sideProcess = new URL('./side-process.ts', import.meta.url);

export const bench: Bench = {
  about:
    'peer links, acknowledged messages, 64 under way, both ends in one process; against bare mutual TLS and node-datachannel',
  parts: ['lan', 'direct'],
  async *run({ quick, part }): AsyncIterable<CaseResult> {
    const identities = await makeIdentities();
    const rounds = quick ? { count: 5, sliceMs: 300 } : { count: 15, sliceMs: 1_000 };
    for (const one of cases) {
      if (part !== undefined && one.part !== part) continue;
      const { against, payloadBytes, goal } = one;
      await using ours = startChild(sideProcess);
      await using bare = startChild(sideProcess);
      await ask(ours, { start: { ...identities, payloadBytes, side: one.part } });
      await ask(bare, { start: { ...identities, payloadBytes, side: against } });
      const slices: { ours: Slice; peer: Slice }[] = [];
      for (const side of [ours, bare]) await run(side, WARM_UP_MS);
      for (let round = 0; round < rounds.count; round += 1) {
        slices.push({ ours: await run(ours, rounds.sliceMs), peer: await run(bare, rounds.sliceMs) });
      }
      yield {
        case: `${nameOf(one.part)}, ${sizeOf(payloadBytes)}`,
        ...figuresOf(slices),
        peerName: await peerOf(against),
        goal,
        unit: 'msg/s',
        get met() {
          return this.ratio >= goal;
        },
      };
    }
  },
};

async function ask(child: Child, question: Question): Promise<unknown> {
  return await child.ask(question);
}

async function run(child: Child, runForMs: number): Promise<Slice> {
  return (await ask(child, { runForMs })) as Slice;
}

type Figures = Pick<CaseResult, 'ours' | 'peer' | 'ratio' | 'cpuRatio' | 'detail'>;

function figuresOf(slices: readonly { ours: Slice; peer: Slice }[]): Figures {
  const of = (figure: (slice: Slice) => number, side: 'ours' | 'peer'): number =>
    median(slices.map((pair) => figure(pair[side])));
  return {
    ours: of(rateOf, 'ours'),
    peer: of(rateOf, 'peer'),
    ratio: median(slices.map(({ ours, peer }) => rateOf(ours) / rateOf(peer))),
    cpuRatio: median(slices.map(({ ours, peer }) => cpuUsOf(peer) / cpuUsOf(ours))),
    detail: {
      oursCpuUs: of(cpuUsOf, 'ours'),
      peerCpuUs: of(cpuUsOf, 'peer'),
      oursP50Us: of(({ p50Us }) => p50Us, 'ours'),
      peerP50Us: of(({ p50Us }) => p50Us, 'peer'),
      oursP99Us: of(({ p99Us }) => p99Us, 'ours'),
      peerP99Us: of(({ p99Us }) => p99Us, 'peer'),
    },
  };
}

const rateOf = ({ messages, ms }: Slice): number => (messages * 1000) / ms;
const cpuUsOf = ({ messages, cpuMs }: Slice): number => (cpuMs * 1000) / messages;
const nameOf = (part: Case['part']): string => (part === 'lan' ? 'peer on one network' : 'peer by WebRTC');
const sizeOf = (bytes: number): string => (bytes < 1_024 ? `${bytes} B` : `${bytes / 1_024} KiB`);

async function peerOf(against: SideName): Promise<string> {
  if (against === 'tls') return `node:tls ${process.version}`;
  const file = new URL('../../node_modules/node-datachannel/package.json', import.meta.url);
  return `node-datachannel ${(JSON.parse(await readFile(file, 'utf8')) as { version: string }).version}`;
}
