import { arrive } from '../../adapter/arrive.ts';
import { borrowSide } from '../../adapter/borrow-side.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { peerLinks, peerListeners, type PeerEnd } from '../links.ts';
import { tellPresence } from '../presence.ts';
import { withPath } from '../with-path.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) => {
  const lease = await borrowSide(context, peerLinks, peerListeners);
  const end = lease.side as PeerEnd;
  const shown = withPath(context, end);
  return context.settings.emit === 'presence'
    ? tellPresence(shown, { ...lease, side: end })
    : arrive(shown, 'peer', lease, context.settings);
});
