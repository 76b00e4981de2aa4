import type { CaseLine } from '../../bench.ts';
import { compare, lessIsBetter } from '../compare.ts';
import { startLoad } from '../load/load.ts';
import { inRounds, roundsOf } from '../rounds.ts';
import { mosquittoBroker, mosquittoName, ourBroker, type BrokerSide } from '../sides/broker-side.ts';
import type { World } from '../world.ts';

const IDLE_LIMIT_BYTES = 12 * 1024;
const RETAINED_LIMIT_BYTES = 1024;
const START_LIMIT_MS = 5000;

/** Idle clients, many subscriptions, many retained messages. */
export async function* scaleCases(world: World): AsyncIterable<CaseLine> {
  yield* idleCases(world);
  yield* subscriptionCases(world);
  if (!world.quick) yield* retainedCases(world);
}

async function* idleCases(world: World): AsyncIterable<CaseLine> {
  const { certificates, quick } = world;
  const count = quick ? 2000 : 15_000;
  const what = `${count.toLocaleString('en')} idle clients, each`;
  const ours = await idleBytes(await ourBroker('ours', { certificates }), count);
  const limit = { case: what, ours, unit: 'bytes', goal: 1 };
  yield lessIsBetter({ ...limit, peer: IDLE_LIMIT_BYTES, peerName: 'the limit' });
  const mosquitto = await mosquittoBroker('mosquitto', { certificates });
  const peerName = await mosquittoName();
  if ('absent' in mosquitto) yield { case: what, peerName, skipped: mosquitto.absent };
  // It is C without TLS state or garbage: no goal, but to be told.
  else yield lessIsBetter({ ...limit, peer: await idleBytes(mosquitto, count), peerName, goal: 0 });
}

/** Growth of the process by each client, connections from two processes. */
async function idleBytes(broker: BrokerSide, count: number): Promise<number> {
  await using opened = new AsyncDisposableStack();
  opened.use(broker);
  const loads = [opened.use(startLoad()), opened.use(startLoad())];
  const idle = (key: string, count: number): Promise<unknown[]> =>
    Promise.all(
      loads.map((load, index) =>
        load.ask({ do: 'idle', key: `${key}${index}`, port: broker.plain, count: Math.ceil(count / 2), level: 4 }),
      ),
    );
  // What the first clients make it allocate is not theirs.
  await idle('first', 200);
  const before = await broker.memory();
  await idle('idle', count);
  return ((await broker.memory()) - before) / count;
}

/** A publish among 100 subscriptions against one among 100,000, in brokers that differ in nothing else. */
async function* subscriptionCases(world: World): AsyncIterable<CaseLine> {
  const { certificates, load, quick } = world;
  const [few, many] = [100, quick ? 10_000 : 100_000];
  await using small = await ourBroker('small', { certificates });
  await using large = await ourBroker('large', { certificates });
  const rounds = roundsOf(quick);
  for (const [broker, count] of [
    [small, few],
    [large, many],
  ] as const) {
    await load.ask({ do: 'subscribe', key: `many-${broker.name}`, port: broker.plain, count });
    const clients = { publishers: 1, subscribers: 1, from: 'site/1/boiler/state/on', to: 'site/+/boiler/state/on' };
    const order = { ...clients, level: 4, qos: 0, payload: 100, window: 1024 } as const;
    await load.ask({ do: 'dial', key: broker.name, ...order, port: broker.plain });
  }
  const runners = [small, large].map(({ name, pid }) => ({ name, key: name, pids: () => [pid] }));
  const figures = new Map((await inRounds(load, runners, rounds)).map((side) => [side.name, side]));
  for (const key of ['small', 'large', 'many-small', 'many-large']) await load.ask({ do: 'hangUp', key });
  yield compare({
    case: `publish among ${many.toLocaleString('en')} wildcard filters`,
    ours: figures.get('large'),
    peer: figures.get('small'),
    peerName: `ours among ${few}`,
    goal: 0.33,
  });
}

async function* retainedCases(world: World): AsyncIterable<CaseLine> {
  const { certificates, load } = world;
  const count = 1_000_000;
  const what = `${count.toLocaleString('en')} retained messages`;
  const form = { certificates, folder: world.folder('retained') };
  const empty = await ourBroker('empty', { certificates, folder: world.folder('empty') });
  const emptyBytes = await empty.memory();
  await empty[Symbol.asyncDispose]();
  const filling = await ourBroker('filling', form);
  await load.ask({ do: 'retain', port: filling.plain, count });
  await filling[Symbol.asyncDispose]();
  await using filled = await ourBroker('filled', form);
  const ours = filled.openedInMs;
  yield lessIsBetter({
    case: `${what}, start`,
    ours,
    peer: START_LIMIT_MS,
    peerName: 'the limit',
    unit: 'ms',
    goal: 1,
  });
  const bytes = ((await filled.memory()) - emptyBytes) / count;
  const limit = { peer: RETAINED_LIMIT_BYTES, peerName: 'the limit', unit: 'bytes', goal: 1 };
  yield lessIsBetter({ case: `${what}, each`, ours: bytes, ...limit });
}
