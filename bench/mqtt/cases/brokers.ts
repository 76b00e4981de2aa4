import type { CaseLine } from '../../bench.ts';
import { compare } from '../compare.ts';
import type { ClientsOrder } from '../load/questions.ts';
import { inRounds, roundsOf, type Runner, type SideFigures } from '../rounds.ts';
import type { Absent } from '../sides/bridge-side.ts';
import { aedesBroker, mosquittoBroker, mosquittoName, ourBroker, type BrokerSide } from '../sides/broker-side.ts';
import { windowFor } from '../window.ts';
import type { World } from '../world.ts';

type Kind = 'memory' | 'durable';

interface BrokerCase extends Pick<ClientsOrder, 'qos' | 'payload' | 'window' | 'publishers' | 'subscribers'> {
  readonly what: string;
  readonly kind: Kind;
  readonly isTls?: boolean;
  readonly goals: { readonly mosquitto: number; readonly aedes: number };
}

const pair = { publishers: 1, subscribers: 1, window: windowFor(100), payload: 100, kind: 'memory' } as const;
const even = { mosquitto: 1, aedes: 1 } as const;

/** Those with goals, first: they are all of `--quick`. */
const HEADLINES: readonly BrokerCase[] = [
  { ...pair, what: '1 -> 1, QoS 0', qos: 0, goals: { mosquitto: 5, aedes: 8 } },
  { ...pair, what: '1 -> 1, QoS 1', qos: 1, goals: { mosquitto: 2, aedes: 1 } },
  { ...pair, what: '1 -> 1,000, QoS 0', qos: 0, subscribers: 1000, window: 16, goals: { mosquitto: 2, aedes: 1 } },
];

const OTHERS: readonly BrokerCase[] = [
  { ...pair, what: '1 -> 1, QoS 1, durable', kind: 'durable', qos: 1, goals: even },
  { ...pair, what: '1 -> 1, QoS 2', qos: 2, goals: even },
  { ...pair, what: '1 -> 1, QoS 2, durable', kind: 'durable', qos: 2, goals: even },
  { ...pair, what: '1 -> 1, QoS 0, 16 B', qos: 0, payload: 16, goals: even },
  { ...pair, what: '1 -> 1, QoS 0, 1 KiB', qos: 0, payload: 1024, window: windowFor(1024), goals: even },
  { ...pair, what: '1 -> 1, QoS 0, 16 KiB', qos: 0, payload: 16_384, window: windowFor(16_384), goals: even },
  { ...pair, what: '1 -> 1, QoS 0, TLS', qos: 0, isTls: true, goals: even },
  { ...pair, what: '1 -> 1, QoS 1, TLS', qos: 1, isTls: true, goals: even },
  { ...pair, what: '1 -> 1,000, QoS 1', qos: 1, subscribers: 1000, window: 16, goals: even },
  { ...pair, what: '1,000 -> 1, QoS 0', qos: 0, publishers: 1000, goals: even },
  { ...pair, what: '1,000 -> 1, QoS 1', qos: 1, publishers: 1000, goals: even },
];

/** Publish to subscribe over sockets: mosquitto, aedes, ours. */
export async function* brokerCases(world: World): AsyncIterable<CaseLine> {
  await using opened = new AsyncDisposableStack();
  const { certificates } = world;
  const mosquitto = await mosquittoName();
  const keep = <Side extends BrokerSide | Absent>(side: Side): Side => {
    if (!('absent' in side)) opened.use(side);
    return side;
  };
  const memory = { certificates };
  const sides: Record<Kind, readonly (BrokerSide | Absent)[]> = {
    memory: [
      keep(await mosquittoBroker('mosquitto', memory)),
      keep(await aedesBroker('aedes', memory)),
      keep(await ourBroker('ours', memory)),
    ],
    durable: world.quick
      ? []
      : [
          keep(await mosquittoBroker('mosquitto', { certificates, folder: world.folder('mosquitto') })),
          keep(await ourBroker('ours', { certificates, folder: world.folder('ours') })),
        ],
  };
  for (const [index, one] of [...HEADLINES, ...(world.quick ? [] : OTHERS)].entries()) {
    if (world.isLate()) {
      yield { case: `broker ${one.what}`, peerName: mosquitto, skipped: 'the machine is too busy for a quick run' };
      continue;
    }
    const figures = await measure(world, sides[one.kind], one, String(index));
    const against = (name: 'mosquitto' | 'aedes', peerName: string): CaseLine => {
      const [ours, peer] = [figures.get('ours'), figures.get(name)];
      return compare({ case: `broker ${one.what}`, ours, peer, peerName, goal: one.goals[name] });
    };
    yield against('mosquitto', mosquitto);
    if (one.kind === 'memory') yield against('aedes', world.versions.aedes);
  }
}

async function measure(
  { load, ca, quick }: World,
  sides: readonly (BrokerSide | Absent)[],
  { isTls = false, kind, what: _what, goals: _goals, ...order }: BrokerCase,
  name: string,
): Promise<Map<string, SideFigures>> {
  const rounds = roundsOf(quick);
  const figures = new Map<string, SideFigures>();
  const runners: Runner[] = [];
  for (const side of sides) {
    if ('absent' in side) {
      figures.set(side.name, { name: side.name, failed: side.absent });
      continue;
    }
    const key = `${side.name}-${name}`;
    const topic = { from: `bench/${name}`, to: `bench/${name}` };
    const port = isTls ? side.tls : side.plain;
    const durable = kind === 'durable';
    try {
      await load.ask({ do: 'dial', key, level: 4, ...order, ...topic, port, durable, ca: isTls ? ca : undefined });
      runners.push({ name: side.name, key, pids: () => [side.pid] });
    } catch (error) {
      figures.set(side.name, { name: side.name, failed: error instanceof Error ? error.message : String(error) });
    }
  }
  for (const measured of await inRounds(load, runners, rounds)) figures.set(measured.name, measured);
  for (const { key } of runners) await load.ask({ do: 'hangUp', key });
  return figures;
}
