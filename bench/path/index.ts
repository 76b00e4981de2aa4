import { readFile } from 'node:fs/promises';
import type { Bench, CaseResult } from '../bench.ts';
import { startChild, type Child } from '../child.ts';
import { median } from '../median.ts';
import { flows, type Chain } from './flows.ts';
import type { FlowQuestion, FlowSlice } from './flow-question.ts';

interface Case {
  readonly what: string;
  readonly chain: Chain;
  readonly fused: boolean;
  readonly goal: number;
}

/** The goals of one chain: through the runtime as well as the core nodes, by direct calls far better. */
const cases: readonly Case[] = [
  { what: '10 passing, wired', chain: 'passing', fused: false, goal: 1 },
  { what: '10 passing, fused', chain: 'passing', fused: true, goal: 4 },
  { what: '10 passing beside a Catch, fused', chain: 'watched', fused: true, goal: 4 },
  { what: 'json-route-set, wired', chain: 'decide', fused: false, goal: 1 },
  { what: 'json-route-set, fused', chain: 'decide', fused: true, goal: 2 },
  { what: '10 scripts, wired', chain: 'scripts', fused: false, goal: 5 },
  { what: '10 scripts, fused', chain: 'scripts', fused: true, goal: 10 },
  { what: 'a script with a time limit', chain: 'limited', fused: true, goal: 1 },
];

const PAYLOAD = JSON.stringify({ sensor: 'room-17', temperature: 24.5, humidity: 41, at: 1_700_000_000_000, ok: true });

export const bench: Bench = {
  about: 'chains of nodes in Node-RED: the core nodes against ours, over wires and by direct calls; messages of 100 B',
  async *run({ quick }): AsyncIterable<CaseResult> {
    const rounds = quick ? { count: 5, sliceMs: 250 } : { count: 11, sliceMs: 1000 };
    const peerName = `Node-RED ${await versionOf('node-red')}`;
    for (const { what, chain, fused, goal } of cases) {
      const figures = await duel(chain, fused, rounds);
      yield { case: what, ...figures, peerName, unit: 'msg/s', goal, met: figures.ratio >= goal };
    }
  },
};

type Figures = Pick<CaseResult, 'ours' | 'peer' | 'ratio' | 'cpuRatio'>;

/** Both sides in turns, so that a neighbour on the machine slows both. */
async function duel(chain: Chain, fused: boolean, rounds: { count: number; sliceMs: number }): Promise<Figures> {
  await using ours = startChild(new URL('./flow-process.ts', import.meta.url));
  await using core = startChild(new URL('./flow-process.ts', import.meta.url));
  await ask(ours, { start: { flow: flows[chain].ours, fused } });
  await ask(core, { start: { flow: flows[chain].core, fused: false } });
  const slices: { ours: FlowSlice; peer: FlowSlice }[] = [];
  const question: FlowQuestion = { runForMs: rounds.sliceMs, payload: PAYLOAD };
  // Two rounds to warm up the compilers, uncounted.
  for (let round = -2; round < rounds.count; round += 1) {
    const pair = { ours: await ask(ours, question), peer: await ask(core, question) };
    if (round >= 0) slices.push(pair);
  }
  return {
    ours: median(slices.map((pair) => rateOf(pair.ours))),
    peer: median(slices.map((pair) => rateOf(pair.peer))),
    ratio: median(slices.map((pair) => rateOf(pair.ours) / rateOf(pair.peer))),
    cpuRatio: median(slices.map((pair) => cpuOf(pair.peer) / cpuOf(pair.ours))),
  };
}

async function ask(child: Child, question: FlowQuestion): Promise<FlowSlice> {
  return (await child.ask(question)) as FlowSlice;
}

const rateOf = ({ messages, ms }: FlowSlice): number => (messages * 1000) / ms;
const cpuOf = ({ messages, cpuMs }: FlowSlice): number => cpuMs / messages;

async function versionOf(library: string): Promise<string> {
  const text = await readFile(new URL(`../../node_modules/${library}/package.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
