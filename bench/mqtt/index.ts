import type { Bench, CaseLine } from '../bench.ts';
import { openBridges } from './cases/bridges.ts';
import { brokerCases } from './cases/brokers.ts';
import { embeddedCases } from './cases/embedded.ts';
import { middleCases } from './cases/middle.ts';
import { scaleCases } from './cases/scale.ts';
import { steadyCases, throughCases } from './cases/through.ts';
import { openWorld } from './world.ts';

const bridged = { through: throughCases, steady: steadyCases, middle: middleCases, embedded: embeddedCases } as const;
const alone = { broker: brokerCases, scale: scaleCases } as const;

export const bench: Bench = {
  about: 'MQTT through Node-RED, brokers, memory; against core nodes, mqtt.js, C with libmosquitto, mosquitto, aedes',
  parts: [...Object.keys(bridged), ...Object.keys(alone)],
  async *run({ quick, part }): AsyncIterable<CaseLine> {
    const isAsked = ([name]: readonly [string, unknown]): boolean => part === undefined || part === name;
    await using world = await openWorld(quick);
    const through = Object.entries(bridged).filter(isAsked);
    if (through.length > 0) {
      await using bridges = await openBridges(world);
      for (const [name, cases] of through) {
        if (world.isLate()) yield late(name);
        else yield* cases(world, bridges);
      }
    }
    for (const [name, cases] of Object.entries(alone).filter(isAsked)) {
      if (world.isLate()) yield late(name);
      else yield* cases(world);
    }
  },
};

function late(name: string): CaseLine {
  return { case: name, peerName: 'all', skipped: `the machine is too busy for a quick run; use bench mqtt ${name}` };
}
