import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChartwire, type TestHost } from '../../test/support/host.ts';
import type { CaseResult } from '../bench.ts';
import { median } from '../median.ts';
import { againstLimit } from './against-limit.ts';
import { chartOf } from './chart-of.ts';

const MISSION = readFileSync(join(import.meta.dirname, '../../test/charts/corpus/00-seed.mmd'), 'utf8');

interface Flows {
  readonly flows: readonly object[];
}

/** From the chart's text to a flow that runs, layout and deploy included, by the requests the editor makes. */
export async function* importCases(quick: boolean): AsyncIterable<CaseResult> {
  await using host = await startChartwire();
  const base = (await (await host.api('/flows', V2)).json()) as Flows;
  for (const { what, text, last, limitMs } of [
    { what: 'import to running, 9 boxes, warm', text: MISSION, last: 'I[', limitMs: 1_000 },
    { what: 'import to running, 1,000 boxes', text: chartOf(1_000), last: 'b999[', limitMs: 6_000 },
  ]) {
    const times: number[] = [];
    for (let round = -1; round < (quick ? 3 : 9); round += 1) {
      // Another box in every round: a chart that was laid out lately is not laid out again.
      const ms = await importMs(host, base, text.replace(last, `r${round + 1}${last}`));
      if (round >= 0) times.push(ms);
      await deploy(host, base.flows);
    }
    yield againstLimit(what, median(times), limitMs);
  }
}

const V2 = { headers: { 'node-red-api-version': 'v2' } } as const;

async function importMs(host: TestHost, base: Flows, text: string): Promise<number> {
  const begun = performance.now();
  const answer = await host.api('/chartwire/chart/to-flow', {
    method: 'POST',
    body: { text, name: 'Measured', id: 'm' },
  });
  if (!answer.ok) throw new Error(`the chart was refused: ${await answer.text()}`);
  const { flow } = (await answer.json()) as { flow: readonly object[] };
  await deploy(host, [...base.flows, ...flow]);
  return performance.now() - begun;
}

/** Node-RED answers when the nodes have started. */
async function deploy(host: TestHost, flows: readonly object[]): Promise<void> {
  const answer = await host.api('/flows', { ...V2, method: 'POST', body: { flows } });
  if (!answer.ok) throw new Error(`the flow was refused: ${await answer.text()}`);
}
