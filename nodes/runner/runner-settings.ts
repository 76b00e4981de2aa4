import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Limits } from '../../src/app/limits.ts';
import type { Services } from '../../src/app/services.ts';
import { findIdentity } from '../../src/fleet/edge/identity.ts';
import { ownPackage, packageRoot } from '../../src/package-root.ts';
import type { LogLine } from './embedded-red.ts';
import { memoryStorage } from './memory-storage.ts';

/** Longest a node may take to stop, in ms; Node-RED's own default of 15 s would be 15 s without any flow. */
const NODE_CLOSE_TIMEOUT_MS = 3000;

/**
 * Settings of the headless Node-RED on an edge host: no admin port, no editor, nothing installed by itself.
 * Our own nodes find their services (broker, front door, certificates of this host alone) in `chartwire`.
 */
export async function openRunnerSettings(home: string, limits: Limits, log: (line: LogLine) => void): Promise<object> {
  // Node-RED reads it at every start and complains in its log when it is missing.
  await writeFile(join(home, 'package.json'), '{ "private": true }\n');
  let services: Promise<Services> | undefined;
  return {
    userDir: home,
    nodesDir: ownPackage['node-red'] === undefined ? [] : [packageRoot],
    storageModule: memoryStorage(),
    credentialSecret: false,
    httpAdminRoot: false,
    httpNodeRoot: false,
    disableEditor: true,
    readOnly: true,
    telemetry: { enabled: false, updateNotification: false },
    externalModules: { autoInstall: false, palette: { allowInstall: false }, modules: { allowInstall: false } },
    nodeCloseTimeout: NODE_CLOSE_TIMEOUT_MS,
    get chartwire() {
      return (services ??= openEdgeServices(home, limits));
    },
    logging: { supervisor: { level: 'warn', metrics: false, audit: false, handler: () => log } },
  };
}

/** Opened when the first node asks: a third of the start time, which a runner that comes after a crash should not take. */
async function openEdgeServices(home: string, limits: Limits): Promise<Services> {
  const { openServices } = await import('../../src/app/services.ts');
  // The runner's folder is in the supervisor's.
  const identity = await findIdentity(dirname(home));
  const controller = identity && {
    url: identity.broker,
    tls: { ca: identity.ca, cert: identity.certificate, key: identity.key },
  };
  return openServices({ home, role: 'edge', host: '127.0.0.1', tlsPort: 0, limits, ...(controller && { controller }) });
}
