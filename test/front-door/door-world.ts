import type { Link, LinkLimits, Listener } from '../../src/endpoint/endpoint.ts';
import type { Traits } from '../../src/endpoint/traits.ts';
import type { Door } from '../../src/front-door/door.ts';
import { testLimits, type World } from '../contract/world.ts';
import { unusedPort } from '../support/unused-port.ts';

export interface DoorWorldParts {
  readonly traits: Traits;
  readonly openDoor: (port: number) => Promise<Door>;
  readonly listen: (door: Door) => Promise<Listener>;
  readonly connect: (port: number, limits: LinkLimits) => Link;
  readonly connectWithWrongCa: (port: number, limits: LinkLimits) => Link;
}

/** A world whose listener stands behind a front door of its own. */
export async function doorWorld(parts: DoorWorldParts): Promise<World> {
  // While the server is stopped nobody else may be given its port.
  let door = await parts.openDoor(await unusedPort());
  let listener = await parts.listen(door);
  const links: Link[] = [];
  const kept = (link: Link): Link => {
    links.push(link);
    return link;
  };
  const stopServer = async (): Promise<void> => {
    await listener.close();
    await door.close();
  };
  return {
    traits: parts.traits,
    get listener() {
      return listener;
    },
    openLink: (limits) => kept(parts.connect(door.port, { ...testLimits, ...limits })),
    openLinkWithWrongCa: () => kept(parts.connectWithWrongCa(door.port, testLimits)),
    stopServer,
    async startServer() {
      door = await parts.openDoor(door.port);
      listener = await parts.listen(door);
    },
    async close() {
      await Promise.all(links.map(async (link) => await link.close()));
      await stopServer();
    },
  };
}
