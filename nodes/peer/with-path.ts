import type { Fields } from '../../src/spec/field.ts';
import type { NodeContext } from '../adapter/context.ts';
import type { PeerEnd } from './links.ts';

/** The same context, whose status says beside the rest when messages go by way of a relay, and what was turned away. */
export function withPath<F extends Fields>(context: NodeContext<F>, end: PeerEnd): NodeContext<F> {
  const more = (): string => {
    const relayed = end.peers().filter((peer) => peer.path === 'relayed').length;
    const path = relayed === 0 ? '' : 'state' in end ? ', relayed' : `, ${relayed} relayed`;
    return end.refused === 0 ? path : `${path}, ${end.refused} refused`;
  };
  return {
    ...context,
    status: (tone, text) => {
      if (tone === 'up') context.status(tone, typeof text === 'string' ? text + more() : () => text() + more());
      else context.status(tone, text);
    },
  };
}
