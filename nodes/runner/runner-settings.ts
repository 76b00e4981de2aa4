import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openServices } from '../../src/app/services.ts';
import { ownPackage, packageRoot } from '../../src/fleet/package-root.ts';
import type { LogLine } from './embedded-red.ts';
import { memoryStorage } from './memory-storage.ts';

/** Longest a node may take to stop, in ms; Node-RED's own default of 15 s would be 15 s without any flow. */
const NODE_CLOSE_TIMEOUT_MS = 3000;

/**
 * Settings of the headless Node-RED on an edge host: no admin port, no editor, nothing installed by itself.
 * Our own nodes find their services (broker, front door, certificates of this host alone) in `chartwire`.
 */
export async function openRunnerSettings(home: string, log: (line: LogLine) => void): Promise<object> {
  // Node-RED reads it at every start and complains in its log when it is missing.
  await writeFile(join(home, 'package.json'), '{ "private": true }\n');
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
    chartwire: await openServices({ home, role: 'edge', host: '127.0.0.1', tlsPort: 0 }),
    logging: { supervisor: { level: 'warn', metrics: false, audit: false, handler: () => log } },
  };
}
