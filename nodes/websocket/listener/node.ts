import { websocketEndpoint } from '../../../src/endpoints/websocket/index.ts';
import { guardsOf } from '../../adapter/guards.ts';
import { limitsOf } from '../../adapter/link-settings.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { openPlace } from '../../adapter/place.ts';
import { websocketListeners } from '../links.ts';
import { listed } from '../listed.ts';
import { nodeRedHost } from '../node-red-host.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async ({ RED, node, name, services, settings }) => {
  const { wholemsg, server } = settings;
  // A core node may have its path without a slash.
  const path = settings.path.startsWith('/') ? settings.path : `/${settings.path}`;
  const guard = guardsOf(settings, name || path)(settings.callers);
  const place = server === 'own' ? await openPlace(services, settings) : undefined;
  const host = place === undefined ? nodeRedHost(RED) : { secure: settings.port === 0 || settings.transport === 'tls' };
  const lent = websocketListeners.lend(node, async () => {
    const listener = await websocketEndpoint.listen({
      ...settings,
      ...limitsOf(settings),
      path,
      door: place?.door ?? nodeRedHost(RED),
      secure: host.secure,
      guard,
      origins: listed(settings.origins),
      subprotocols: listed(settings.subprotocol),
      framed: wholemsg === 'frames',
      onRefused: (line) => node.warn(line),
    });
    return {
      listener,
      wholeMessages: wholemsg === 'true',
      [Symbol.asyncDispose]: () => listener.close(),
    };
  });
  return {
    async close() {
      await lent.close?.();
      await place?.close();
    },
  };
});
