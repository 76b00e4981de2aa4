import { websocketEndpoint } from '../../../src/endpoints/websocket/index.ts';
import { limitsOf } from '../../adapter/link-settings.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { websocketListeners } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, ({ node, services, settings }) =>
  websocketListeners.lend(node, () =>
    websocketEndpoint.listen({ door: services.door, path: settings.path, ...limitsOf(settings) }),
  ),
);
