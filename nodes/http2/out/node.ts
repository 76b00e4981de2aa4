import { borrowSide } from '../../adapter/borrow-side.ts';
import { depart } from '../../adapter/depart.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { http2Links, http2Listeners } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) =>
  depart(context, 'http2', await borrowSide(context, http2Links, http2Listeners), context.settings),
);
