import { arrive } from '../../adapter/arrive.ts';
import { borrowSide } from '../../adapter/borrow-side.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { http2Links, http2Listeners } from '../links.ts';
import { definition } from './definition.ts';
import { takeRequests } from './take-requests.ts';

export default nodeType(definition, async (context) =>
  context.settings.url === ''
    ? arrive(context, 'http2', await borrowSide(context, http2Links, http2Listeners), context.settings)
    : takeRequests(context),
);
