import { websocketEndpoint } from '../../../src/endpoints/websocket/index.ts';
import { limitsOf, trustOf } from '../../adapter/link-settings.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { ownAddress } from '../../adapter/own-address.ts';
import { websocketLinks } from '../links.ts';
import { listed } from '../listed.ts';
import { definition } from './definition.ts';
import { tlsOfNode } from './tls-node.ts';
import { upgradeHeaders } from './upgrade-headers.ts';

export default nodeType(definition, ({ RED, node, services, settings }) =>
  websocketLinks.lend(node, () => {
    const { url, path, proxy, subprotocol, wholemsg } = settings;
    const link = websocketEndpoint.connect({
      ...limitsOf(settings),
      url: url === '' ? ownAddress(services, 'wss', path) : url,
      tls: settings.tls === '' ? trustOf(services, settings) : tlsOfNode(RED, settings.tls),
      plain: wholemsg !== 'frames',
      subprotocols: listed(subprotocol),
      headers: upgradeHeaders(settings, (name) => String(RED.util.evaluateNodeProperty(name, 'env', node, {}) ?? '')),
      http: settings.http,
      maxPingsPerSecond: settings.maxPingsPerSecond,
      compression: settings.compression,
      compressFromBytes: settings.compressFromBytes,
      ...(proxy !== '' && { proxy }),
    });
    return { link, wholeMessages: wholemsg === 'true', [Symbol.asyncDispose]: () => link.close() };
  }),
);
