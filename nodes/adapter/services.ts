import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { openServices, type Services } from '../../src/app/services.ts';

let opened: Promise<Services> | undefined;

/**
 * The services of this process: those the host put into the settings, or, inside somebody's own Node-RED, a set of our
 * own below its user directory, opened when the first node needs it.
 */
export function servicesOf(RED: NodeAPI): Promise<Services> {
  const given: unknown = Reflect.get(RED.settings, 'chartwire');
  if (given !== undefined) return Promise.resolve(given as Services);
  return (opened ??= openServices({
    home: join(RED.settings.userDir ?? '.', 'chartwire'),
    role: 'palette',
    host: '127.0.0.1',
    tlsPort: 0,
  }));
}
