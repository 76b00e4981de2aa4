import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROKER_LIMITS } from '../../src/broker/broker-limits.ts';
import type { Bench, CaseLine } from '../bench.ts';
import { makeIdentities } from '../endpoint/identities.ts';
import { lessIsBetter } from '../mqtt/compare.ts';
import { ourBroker } from '../mqtt/sides/broker-side.ts';
import { SlowSubscriber } from './slow-subscriber.ts';
import { Stream, type StreamFigures } from './stream.ts';

const MIB = 1024 * 1024;
/** What one subscriber may hold: in its socket, in its queue, and under way. */
const LIMIT_MIB = (BROKER_LIMITS.maxSocketBytes + 2 * BROKER_LIMITS.maxQueuedBytes) / MIB;
const SAMPLE_MS = 5_000;

export const bench: Bench = {
  about: 'our broker with 1 MB/s for subscribers of which one is far too slow, 10 minutes: memory, and the others',
  async *run({ quick }): AsyncIterable<CaseLine> {
    const seconds = quick ? 20 : 600;
    for (const qos of [0, 1] as const) yield* soak(qos, seconds);
  },
};

async function* soak(qos: 0 | 1, seconds: number): AsyncIterable<CaseLine> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-soak-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const { server } = await makeIdentities();
  const form = { certificates: { ...server, folder } };
  // Two brokers that differ in nothing but the slow subscriber, at the same time: the machine is the same for both.
  const [broker, without] = [opened.use(await ourBroker('with', form)), opened.use(await ourBroker('without', form))];
  const streams = [
    opened.use(await Stream.open(broker.plain, qos)),
    opened.use(await Stream.open(without.plain, qos)),
  ] as const;
  const run = (forSeconds: number): Promise<unknown> => Promise.all(streams.map((stream) => stream.run(forSeconds)));
  const settle = async (): Promise<readonly StreamFigures[]> => {
    await Promise.all(streams.map((stream) => stream.settled()));
    return streams.map((stream) => stream.figures());
  };
  await run(10);
  await settle();
  const before = await broker.memory();
  opened.use(await SlowSubscriber.open(broker.plain, streams[0].topic, qos));
  let most = 0;
  for (let left = seconds * 1000; left > 0; left -= SAMPLE_MS) {
    await run(Math.min(SAMPLE_MS, left) / 1000);
    // It collects garbage, so both are asked.
    const [now] = await Promise.all([broker.memory(), without.memory()]);
    most = Math.max(most, now - before);
  }
  const [beside, alone] = (await settle()) as [StreamFigures, StreamFigures];
  const what = (figure: string): string => `QoS ${qos}, one slow of two, ${seconds} s: ${figure}`;
  yield lessIsBetter({
    case: what('memory of the broker grows'),
    ours: Math.max(1, most / MIB),
    peer: LIMIT_MIB,
    peerName: 'the limits of one client',
    unit: 'MiB',
    goal: 1,
  });
  yield {
    case: what('the other gets'),
    ours: beside.received,
    peer: beside.sent,
    peerName: 'what was sent',
    unit: 'messages',
    ratio: beside.received / beside.sent,
    cpuRatio: Number.NaN,
    goal: 1,
    met: beside.received === beside.sent,
  };
  const wait = { unit: 'us', peerName: 'without the slow one', goal: 0.5 };
  yield lessIsBetter({ case: what('the other waits, p50'), ours: beside.p50Us, peer: alone.p50Us, ...wait });
  yield lessIsBetter({ case: what('the other waits, p99'), ours: beside.p99Us, peer: alone.p99Us, ...wait });
}
