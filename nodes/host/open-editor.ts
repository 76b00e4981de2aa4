import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import { addressOf } from '../../src/address.ts';
import type { Services } from '../../src/app/services.ts';
import type { StartOptions } from '../../src/cli/command.ts';
import { localNames } from '../../src/security/certificates.ts';
import type { Admin } from '../../src/security/first-run.ts';
import { openServerIdentity } from '../../src/security/server-identity.ts';
import { settings } from '../../settings.ts';
import { allowedHosts, shownHost } from './addresses.ts';
import { editorServer } from './editor-server.ts';
import { listen, onFreePort } from './listen.ts';

/** The editor's place in the network. What it shows is mounted when Node-RED has started. */
export interface Editor extends AsyncDisposable {
  readonly url: string;
  /** The server Node-RED is given. */
  readonly inner: Server;
  readonly mount: (path: string, handler: RequestListener) => void;
}

/** Listens for browsers, behind the guard. Throws PORT_TAKEN. */
export async function openEditor(options: StartOptions, services: Services, admin: Admin): Promise<Editor> {
  const { home, host, editorTls, say } = options;
  const tls = editorTls
    ? await openServerIdentity(services.authority, join(home, 'certificates'), [...localNames(), host])
    : undefined;
  let port = options.port;
  const guard = {
    admin,
    tls: editorTls,
    flowRoot: settings.httpNodeRoot,
    allowedHosts: () => allowedHosts(host, port),
  };
  const { server, inner, mount } = editorServer(guard, tls);
  port = await onFreePort(
    { port, given: options.portsGiven.port, setting: '--port', say },
    (tried) => listen(server, host, tried),
    (used) => used,
  );
  return {
    url: `${editorTls ? 'https' : 'http'}://${addressOf(shownHost(host), port)}`,
    inner,
    mount,
    [Symbol.asyncDispose]: () => close(server),
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
