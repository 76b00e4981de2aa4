import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { NodeAPI } from 'node-red';
import type { UpgradeHost } from '../../src/endpoints/websocket/index.ts';
import { Fault } from '../../src/fault.ts';
import { pathOf } from '../../src/front-door/routes.ts';
import { UpgradeRoutes } from '../../src/front-door/upgrade-routes.ts';
import { http1Upgrade } from '../../src/front-door/upgrade.ts';

type Server = NodeAPI['server'];
type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

const known = new WeakMap<Server, UpgradeRoutes>();

/**
 * The server of Node-RED itself, at its root for HTTP nodes: where the core nodes listen. Paths of others are left to them.
 * Throws SETTINGS_INVALID in a Node-RED without a server.
 */
export function nodeRedHost({ server, settings }: NodeAPI): UpgradeHost & { readonly secure: boolean } {
  if (server === undefined) {
    throw new Fault('SETTINGS_INVALID', { problems: 'this Node-RED has no server of its own: choose another one' });
  }
  const { uiHost, uiPort, https, httpNodeRoot } = settings as unknown as Readonly<Record<string, unknown>>;
  const root = typeof httpNodeRoot === 'string' ? httpNodeRoot.replace(/\/$/, '') : '';
  return {
    host: typeof uiHost === 'string' ? uiHost : '127.0.0.1',
    port: Number(uiPort),
    secure: https !== undefined,
    upgrade: (path, handler) => routesOf(server).mount(root + path, handler),
  };
}

function routesOf(server: Server): UpgradeRoutes {
  const routes = known.get(server) ?? new UpgradeRoutes();
  if (known.has(server)) return routes;
  known.set(server, routes);
  const listener: UpgradeListener = (request, socket, head) => {
    const found = routes.find(pathOf(request.url));
    found?.handler(http1Upgrade(request, socket, head, found.parameters));
  };
  server.on('upgrade', listener);
  return routes;
}
