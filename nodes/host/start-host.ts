import { mkdir } from 'node:fs/promises';
import { addressOf, isLoopback } from '../../src/address.ts';
import { openServices, type Services } from '../../src/app/services.ts';
import type { StartOptions } from '../../src/cli/command.ts';
import { openControl } from '../../src/control/server.ts';
import { Fault } from '../../src/fault.ts';
import { ownPackage } from '../../src/package-root.ts';
import { lockHome } from '../../src/process/home-lock.ts';
import { openAdmin, type Admin } from '../../src/security/first-run.ts';
import { shownHost } from './addresses.ts';
import { controlActions } from './control-actions.ts';
import { onFreePort } from './listen.ts';
import { openEditor } from './open-editor.ts';
import { startRuntime } from './start-runtime.ts';

/** A running Chartwire. */
export interface Host extends AsyncDisposable {
  /** Where the editor is, or the front door when there is no editor. */
  readonly url: string;
  /** One-time address to choose the password at, while none is set. */
  readonly setupUrl: string | undefined;
  close(): Promise<void>;
}

/** Starts everything and resolves when the flow runs. Throws BIND_INSECURE, PORT_TAKEN and what opening the home may throw. */
export async function startHost(options: StartOptions): Promise<Host> {
  const { home, host, headless, say } = options;
  if (!isLoopback(host) && !options.editorTls && !options.insecure && !headless) {
    throw new Fault('BIND_INSECURE', { host });
  }
  // Node-RED writes its files with the process's mask: nobody else may read what holds credentials.
  process.umask(0o077);
  await mkdir(home, { recursive: true, mode: 0o700 });
  await using opened = new AsyncDisposableStack();
  opened.defer(lockHome(home));

  const services = opened.use(await openOwnServices(options));
  const admin = await openAdminOf(options);
  // Before the runtime starts: a taken port is told at once.
  const editor = headless ? undefined : opened.use(await openEditor(options, services, admin));
  const { RED, counters } = opened.use(await startRuntime(options, services, admin, editor));

  const frontDoor = `https://${addressOf(shownHost(host), services.door.port)}`;
  const listeners = { editor: editor?.url ?? null, frontDoor };
  const { version } = ownPackage;
  opened.use(await openControl(home, controlActions({ RED, services, counters, version, listeners })));
  const setupUrl = editor !== undefined && admin.needsSetup ? `${editor.url}/setup?token=${admin.token}` : undefined;
  if (setupUrl !== undefined) say(`First start: choose a password at ${setupUrl}`);

  const lifetime = opened.move();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= lifetime.disposeAsync());
  return { url: editor?.url ?? frontDoor, setupUrl, close, [Symbol.asyncDispose]: close };
}

function openOwnServices({ home, host, tlsPort, portsGiven, limits, say }: StartOptions): Promise<Services> {
  return onFreePort(
    { port: tlsPort, given: portsGiven.tlsPort, setting: '--tls-port', say },
    (tried) =>
      openServices({
        home,
        role: 'controller',
        host,
        tlsPort: tried,
        ...(limits && { limits }),
      }),
    ({ door }) => door.port,
  );
}

async function openAdminOf({ home, password }: StartOptions): Promise<Admin> {
  const admin = await openAdmin(home);
  if (password === undefined || !admin.needsSetup) return admin;
  const problem = await admin.provision(password);
  if (problem !== undefined) throw new Fault('SETTINGS_INVALID', { problems: `CHARTWIRE_PASSWORD: ${problem}` });
  return admin;
}
