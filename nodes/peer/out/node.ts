import { borrowSide } from '../../adapter/borrow-side.ts';
import { depart } from '../../adapter/depart.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { peerLinks, peerListeners } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) =>
  depart(context, 'peer', await borrowSide(context, peerLinks, peerListeners), context.settings),
);
