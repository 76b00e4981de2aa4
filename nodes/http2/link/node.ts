import { http2Endpoint } from '../../../src/endpoints/http2/index.ts';
import { limitsOf, trustOf } from '../../adapter/link-settings.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { ownAddress } from '../../adapter/own-address.ts';
import { http2Links } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, ({ node, services, settings }) =>
  http2Links.lend(node, () =>
    http2Endpoint.connect({
      url: settings.url === '' ? ownAddress(services, 'https', settings.path) : settings.url,
      tls: trustOf(services, settings),
      events: settings.events,
      ...limitsOf(settings),
    }),
  ),
);
