import { readFile } from 'node:fs/promises';
import type { Bench, CaseResult } from '../bench.ts';
import { duel } from './duel.ts';
import { readers, writers } from './sides.ts';

const goal = 3;

export const bench: Bench = {
  about: 'the MQTT codec against mqtt-packet: PUBLISH of 100 B between bytes and packets, in memory',
  async *run({ quick }): AsyncIterable<CaseResult> {
    const rounds = quick ? { count: 9, sliceMs: 100 } : { count: 25, sliceMs: 300 };
    const peerName = `mqtt-packet ${await peerVersion()}`;
    for (const [what, sides] of [...readers, ...writers]) {
      const { ours, peer, ratio, cpuRatio } = duel(sides, rounds);
      yield { case: what, ours, peer, unit: 'ns', ratio, cpuRatio, goal, met: ratio >= goal, peerName };
      // Lets the other's garbage go before the next case.
      await new Promise(setImmediate);
    }
  },
};

async function peerVersion(): Promise<string> {
  const text = await readFile(new URL('../../node_modules/mqtt-packet/package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
