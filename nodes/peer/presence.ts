import type { Presence } from '../../src/endpoints/peer/index.ts';
import type { Fields } from '../../src/spec/field.ts';
import type { Behaviour, NodeContext } from '../adapter/context.ts';
import type { Lease } from '../adapter/pool.ts';
import type { PeerEnd } from './links.ts';

/** A node that emits what becomes of peers; those that are connected already come first, as joined. */
export function tellPresence<F extends Fields>(
  { send, status, every }: NodeContext<F>,
  { side, release }: Lease<PeerEnd>,
): Behaviour {
  const emit = ({ event, name, fingerprint, path, latencyMs }: Presence): void =>
    send({ topic: name, payload: { event, name, fingerprint, path, latencyMs } });
  const show = (): void => status('up', `${side.peers().length} connected`);
  for (const info of side.peers()) emit({ event: 'joined', ...info });
  const stop = side.onPresence((presence) => {
    emit(presence);
    show();
  });
  show();
  every(1_000, show);
  return {
    async close() {
      stop();
      await release();
    },
  };
}
