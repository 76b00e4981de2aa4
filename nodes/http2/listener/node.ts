import { http2Endpoint } from '../../../src/endpoints/http2/index.ts';
import { limitsOf } from '../../adapter/link-settings.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { http2Listeners } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, ({ node, services, settings }) =>
  http2Listeners.lend(node, () =>
    http2Endpoint.listen({ door: services.door, path: settings.path, ...limitsOf(settings) }),
  ),
);
