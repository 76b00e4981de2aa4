import { borrowSide } from '../../adapter/borrow-side.ts';
import { depart } from '../../adapter/depart.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { websocketLinks, websocketListeners } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) =>
  depart(context, 'websocket', await borrowSide(context, websocketLinks, websocketListeners), context.settings),
);
