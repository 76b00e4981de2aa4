import type { Door } from '../../../src/front-door/door.ts';
import { readSettings } from '../../../src/spec/settings.ts';
import type { NodeContext } from '../../adapter/context.ts';
import { Pool, type Lease } from '../../adapter/pool.ts';
import { definition as listener } from '../listener/definition.ts';
import { openSite, type ServedSite } from '../open-site.ts';
import type { definition } from './definition.ts';

const pools = new WeakMap<Door, Pool<undefined, ServedSite>>();

/** The site of all requests that name no listener: the whole front door, with the defaults of a listener. */
export function borrowDoorSite({ node, services }: NodeContext<typeof definition.fields>): Promise<Lease<ServedSite>> {
  const { door } = services;
  const pool =
    pools.get(door) ??
    new Pool<undefined, ServedSite>('the front door', () =>
      openSite({
        door,
        services,
        settings: { ...readSettings(listener, {}), path: '/' },
        title: 'Chartwire',
        warn: (text) => node.warn(text),
      }),
    );
  pools.set(door, pool);
  return pool.borrow(undefined);
}
