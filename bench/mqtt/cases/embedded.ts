import type { CaseLine } from '../../bench.ts';
import { compare } from '../compare.ts';
import { inRounds, roundsOf, type Runner } from '../rounds.ts';
import { mosquittoBroker, mosquittoName } from '../sides/broker-side.ts';
import { windowFor } from '../window.ts';
import type { World } from '../world.ts';
import type { Bridges } from './bridges.ts';

/**
 * Client -> broker -> in -> out -> broker -> client: with the broker embedded in the process of the flow, against core
 * nodes and mosquitto. All processes in between count.
 */
export async function* embeddedCases(world: World, bridges: Bridges): AsyncIterable<CaseLine> {
  const { load, quick, versions } = world;
  const what = 'client -> broker -> flow -> broker -> client';
  const peerName = `${versions.nodeRed} core nodes, ${await mosquittoName()}`;
  const broker = await mosquittoBroker('mosquitto', { certificates: world.certificates });
  if ('absent' in broker) {
    yield { case: what, peerName, skipped: broker.absent };
    return;
  }
  await using mosquitto = broker;
  const rounds = roundsOf(quick);
  for (const qos of quick ? ([0] as const) : ([0, 1] as const)) {
    await bridges.core.join({ port: mosquitto.plain, qos, middle: 'nothing' });
    const ports = {
      core: mosquitto.plain,
      wired: await bridges.wired.embed(qos),
      fused: await bridges.fused.embed(qos),
    };
    const runners: Runner[] = [];
    for (const name of ['core', 'wired', 'fused'] as const) {
      const key = `embedded-${name}-${qos}`;
      const clients = { publishers: 1, subscribers: 1, from: 'bench/in', to: 'bench/out', level: 4 } as const;
      await load.ask({
        do: 'dial',
        key,
        ...clients,
        port: ports[name],
        qos,
        payload: 100,
        window: windowFor(100, qos),
      });
      const others = name === 'core' ? [mosquitto.pid] : [];
      runners.push({ name, key, pids: () => [...bridges[name].pids, ...others] });
    }
    const figures = new Map((await inRounds(load, runners, rounds)).map((side) => [side.name, side]));
    for (const { key } of runners) await load.ask({ do: 'hangUp', key });
    for (const way of ['wired', 'fused'] as const) {
      const [ours, peer] = [figures.get(way), figures.get('core')];
      const goal = qos === 0 ? 15 : 1;
      yield compare({ case: `embedded broker, QoS ${qos}, ${way}`, ours, peer, peerName, goal });
    }
  }
}
