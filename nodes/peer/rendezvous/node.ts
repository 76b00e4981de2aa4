import { openStun, Rendezvous } from '../../../src/endpoints/peer/index.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { OWN } from '../fingerprint-problem.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async ({ services: { door }, settings, node, status, every }) => {
  const { path, allowed, stun, maxStunPerSecond, ...limits } = settings;
  // Our own certificate is of our CA, which may come anyway.
  const pins = allowed.map(({ fingerprint }) => fingerprint).filter((fingerprint) => fingerprint !== OWN);
  const onRefusal = (source: string, problem: string): void => node.warn(`refused ${source}: ${problem}`);
  const rendezvous = new Rendezvous({ door, path, pins, onRefusal, ...limits });
  const responder = stun
    ? await openStun({ host: door.host, port: door.port, maxPerSecond: maxStunPerSecond }).catch(
        async (error: unknown) => {
          await rendezvous.close();
          throw error;
        },
      )
    : undefined;
  const show = (): void => {
    const refused = rendezvous.refused + (responder?.refused ?? 0);
    const parts = [`${rendezvous.peers} connected`, `${rendezvous.tunnels} relayed`];
    status('up', [...parts, ...(refused > 0 ? [`${refused} refused`] : [])].join(', '));
  };
  show();
  every(1_000, show);
  node.log(`peers meet at ${rendezvous.url}`);
  return {
    async close() {
      await rendezvous.close();
      await responder?.close();
    },
  };
});
