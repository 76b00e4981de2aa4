import { http2Endpoint } from '../../../src/endpoints/http2/index.ts';
import { limitsOf } from '../../adapter/link-settings.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { openPlace } from '../../adapter/place.ts';
import { http2Listeners, http2Sites } from '../links.ts';
import { openSite } from '../open-site.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async ({ node, name, services, settings }) => {
  const place = await openPlace(services, settings);
  const { door } = place;
  const warn = (text: string): void => node.warn(text);
  const messages = http2Listeners.lend(node, () =>
    http2Endpoint.listen({ door, path: settings.path, ...limitsOf(settings) }),
  );
  const requests = http2Sites.lend(node, () =>
    openSite({ door, services, settings, warn, title: name || settings.path }),
  );
  return {
    async close() {
      await messages.close?.();
      await requests.close?.();
      await place.close();
    },
  };
});
