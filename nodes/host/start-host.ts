import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import RED from 'node-red';
import { addressOf, isLoopback } from '../../src/address.ts';
import { openServices } from '../../src/app/services.ts';
import { openControl } from '../../src/control/server.ts';
import { Fault } from '../../src/fault.ts';
import { lockHome } from '../../src/process/home-lock.ts';
import { openAdmin } from '../../src/security/first-run.ts';
import { adminAuth } from '../../src/security/admin-auth.ts';
import { openServerIdentity } from '../../src/security/server-identity.ts';
import { localNames } from '../../src/security/certificates.ts';
import { settings } from '../../settings.ts';
import { controlActions } from './control-actions.ts';
import { editorServer } from './editor-server.ts';
import { FlowCounters } from './flow-counters.ts';
import { openCredentialKey, openUserFolder } from './flow-files.ts';
import { allowedHosts } from './addresses.ts';
import type { HostOptions } from './host-options.ts';
import { listen, onFreePort } from './listen.ts';
import { standInForMissingTypes } from './missing-types.ts';
import { flowsStarted } from './flows-started.ts';

/** A running Chartwire. */
export interface Host extends AsyncDisposable {
  /** Where the editor is, or the front door when there is no editor. */
  readonly url: string;
  /** One-time address to choose the password at, while none is set. */
  readonly setupUrl: string | undefined;
  close(): Promise<void>;
}

const here = dirname(fileURLToPath(import.meta.url));
/** The package's folder: two up from nodes/host, three from dist/nodes/host. */
const packageFolder = existsSync(join(here, '../../package.json')) ? join(here, '../..') : join(here, '../../..');

/** Starts everything and resolves when the flow runs. Throws BIND_INSECURE, PORT_TAKEN and what opening the home may throw. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { home, host, say } = options;
  if (!isLoopback(host) && !options.editorTls && !options.insecure && !options.headless) {
    throw new Fault('BIND_INSECURE', { host });
  }
  // Node-RED writes its files with the process's mask: nobody else may read what holds credentials.
  process.umask(0o077);
  await mkdir(home, { recursive: true, mode: 0o700 });
  await using opened = new AsyncDisposableStack();
  opened.defer(lockHome(home));

  const services = opened.use(
    await onFreePort(options.tlsPort, options.portsGiven.tlsPort, '--tls-port', (tlsPort) =>
      openServices({ home, role: 'controller', host, tlsPort }),
    ),
  );
  const admin = await openAdmin(home);
  if (options.password !== undefined && admin.needsSetup) {
    const problem = await admin.provision(options.password);
    if (problem !== undefined) throw new Fault('SETTINGS_INVALID', { problems: `CHARTWIRE_PASSWORD: ${problem}` });
  }
  const tls = options.editorTls
    ? await openServerIdentity(services.authority, join(home, 'certificates'), [...localNames(), host])
    : undefined;
  let port = options.port;
  const guard = {
    admin,
    tls: options.editorTls,
    flowRoot: settings.httpNodeRoot,
    allowedHosts: () => allowedHosts(host, port),
  };
  const editor = editorServer(guard, tls);
  if (!options.headless) {
    // Before the runtime starts: a taken port is told at once.
    port = await onFreePort(options.port, options.portsGiven.port, '--port', (tried) =>
      listen(editor.server, host, tried),
    );
    opened.defer(() => closeServer(editor.server));
  }
  const userDir = await openUserFolder(home, packageFolder);
  RED.init(editor.inner, {
    ...settings,
    userDir,
    credentialSecret: await openCredentialKey(home),
    httpAdminRoot: options.headless ? false : '/',
    ...(options.headless ? { httpNodeRoot: false, disableEditor: true } : {}),
    adminAuth: adminAuth(admin),
    chartwire: services,
  } as never);
  standInForMissingTypes(RED as never);
  const counters = new FlowCounters(RED as never);
  const started = flowsStarted(RED);
  await RED.start();
  opened.defer(() => RED.stop());
  opened.defer(() => counters.close());
  await started;

  if (!options.headless) {
    editor.mount('/', RED.httpAdmin as never);
    editor.mount(settings.httpNodeRoot, RED.httpNode as never);
  }
  const url = options.headless
    ? `https://${addressOf(host, services.door.port)}`
    : `${options.editorTls ? 'https' : 'http'}://${addressOf(host, port)}`;
  const version = await packageVersion();
  const listeners = {
    editor: options.headless ? null : url,
    frontDoor: `https://${addressOf(host, services.door.port)}`,
  };
  opened.use(await openControl(home, controlActions({ RED, services, counters, version, listeners })));
  const setupUrl = !options.headless && admin.needsSetup ? `${url}/setup?token=${admin.token}` : undefined;
  if (setupUrl !== undefined) say(`First start: choose a password at ${setupUrl}`);

  const lifetime = opened.move();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= lifetime.disposeAsync());
  return {
    url,
    setupUrl,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function packageVersion(): Promise<string> {
  const parsed: { version: string } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  return parsed.version;
}

function closeServer(server: { closeAllConnections(): void; close(done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
