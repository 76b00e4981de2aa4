import { createServer } from 'node:http';
import RED from 'node-red';
import type { StartOptions } from '../../src/cli/command.ts';
import type { Services } from '../../src/app/services.ts';
import { packageRoot } from '../../src/package-root.ts';
import { adminAuth } from '../../src/security/admin-auth.ts';
import type { Admin } from '../../src/security/first-run.ts';
import { settings } from '../../settings.ts';
import { flowCounters, type FlowCounters } from './flow-counters.ts';
import { openCredentialKey, openUserFolder } from './flow-files.ts';
import { flowsStarted } from './flows-started.ts';
import { standInForMissingTypes } from './missing-types.ts';
import type { Editor } from './open-editor.ts';

/** Node-RED at work on the flow of a home. */
export interface Runtime extends AsyncDisposable {
  readonly RED: typeof RED;
  readonly counters: FlowCounters;
}

/** Starts Node-RED and resolves when the flow runs. Without an editor it serves nothing over HTTP. */
export async function startRuntime(
  { home, fuse, flow }: Pick<StartOptions, 'home' | 'fuse' | 'flow'>,
  services: Services,
  admin: Admin,
  editor: Editor | undefined,
): Promise<Runtime> {
  await using opened = new AsyncDisposableStack();
  RED.init(editor?.inner ?? createServer(), {
    ...settings,
    userDir: await openUserFolder(home, packageRoot, flow),
    credentialSecret: await openCredentialKey(home),
    httpAdminRoot: editor === undefined ? false : '/',
    ...(editor === undefined ? { httpNodeRoot: false, disableEditor: true } : {}),
    adminAuth: adminAuth(admin),
    chartwire: services,
    chartwireFuse: fuse,
  } as never);
  standInForMissingTypes(RED as never);
  const counters = flowCounters(RED as never);
  const started = flowsStarted(RED);
  opened.defer(() => RED.stop());
  opened.defer(() => counters.close());
  await RED.start();
  await started;
  editor?.mount('/', RED.httpAdmin as never);
  editor?.mount(settings.httpNodeRoot, RED.httpNode as never);
  const lifetime = opened.move();
  return { RED, counters, [Symbol.asyncDispose]: () => lifetime.disposeAsync() };
}
