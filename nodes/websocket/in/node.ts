import { arrive } from '../../adapter/arrive.ts';
import { borrowSide } from '../../adapter/borrow-side.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { websocketLinks, websocketListeners } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) =>
  arrive(context, 'websocket', await borrowSide(context, websocketLinks, websocketListeners), context.settings),
);
