import { delivery } from './delivery.ts';
import { flowControl } from './flow-control.ts';
import { life } from './life.ts';
import { limits } from './limits.ts';
import { outage } from './outage.ts';
import type { MakeWorld, World } from './world.ts';

export type { World } from './world.ts';

/** What every endpoint promises, as sentences. Each runs in a world of its own. */
export function endpointContract(name: string, makeWorld: MakeWorld): void {
  describe(`${name} keeps the endpoint contract`, () => {
    let world: World | undefined;
    const here = (): World => {
      if (world === undefined) throw new Error('no world is open');
      return world;
    };

    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(async () => {
      await world?.close();
      world = undefined;
    });

    for (const part of [delivery, flowControl, limits, outage, life]) part(here);
  });
}
