import type { Fields } from '../../src/spec/field.ts';
import type { NodeContext } from '../adapter/context.ts';
import type { PeerEnd } from './links.ts';

/** The same context, whose status says beside the rest when messages go by way of a relay. */
export function withPath<F extends Fields>(context: NodeContext<F>, end: PeerEnd): NodeContext<F> {
  const path = (): string => {
    const relayed = end.peers().filter((peer) => peer.path === 'relayed').length;
    if (relayed === 0) return '';
    return 'state' in end ? ', relayed' : `, ${relayed} relayed`;
  };
  return {
    ...context,
    status: (tone, text) => {
      if (tone === 'up') context.status(tone, typeof text === 'string' ? text + path() : () => text() + path());
      else context.status(tone, text);
    },
  };
}
