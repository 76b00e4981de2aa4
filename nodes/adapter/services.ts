import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { openServices, type Services } from '../../src/app/services.ts';
import { logRefusals } from '../../src/broker/log-refusals.ts';
import { LIMITS_SETTING, readLimitsSetting } from './limits-setting.ts';

let opened: Promise<Services> | undefined;
const logged = new WeakSet<Services>();

/**
 * The services of this process: those the host put into the settings, or, inside somebody's own Node-RED, a set of our
 * own below its user directory, opened when the first node needs it.
 */
export function servicesOf(RED: NodeAPI): Promise<Services> {
  const given: unknown = Reflect.get(RED.settings, 'chartwire');
  // An edge host opens them with the first node, and gives a promise.
  if (given !== undefined) {
    return Promise.resolve(given as Services | Promise<Services>).then((services) => intoLog(RED, services));
  }
  return (opened ??= openOwn(RED));
}

async function openOwn(RED: NodeAPI): Promise<Services> {
  const services = await openServices({
    home: join(RED.settings.userDir ?? '.', 'chartwire'),
    role: 'palette',
    host: '127.0.0.1',
    tlsPort: 0,
    limits: readLimitsSetting(Reflect.get(RED.settings, LIMITS_SETTING)),
  });
  return intoLog(RED, services);
}

/** What its broker refuses stands in the log of Node-RED, once. */
function intoLog(RED: NodeAPI, services: Services): Services {
  if (!logged.has(services)) logRefusals(services.broker, (line) => RED.log.warn(line));
  logged.add(services);
  return services;
}
