import { websocketEndpoint } from '../../../src/endpoints/websocket/index.ts';
import { limitsOf, trustOf } from '../../adapter/link-settings.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { ownAddress } from '../../adapter/own-address.ts';
import { websocketLinks } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, ({ node, services, settings }) =>
  websocketLinks.lend(node, () =>
    websocketEndpoint.connect({
      url: settings.url === '' ? ownAddress(services, 'wss', settings.path) : settings.url,
      tls: trustOf(services, settings),
      plain: settings.plain,
      ...limitsOf(settings),
    }),
  ),
);
