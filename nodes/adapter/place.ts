import type { Services } from '../../src/app/services.ts';
import { isLoopback } from '../../src/address.ts';
import { Fault } from '../../src/fault.ts';
import type { Door } from '../../src/front-door/door.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import type { SettingsOf } from '../../src/spec/field.ts';
import type { placeFields } from './place-fields.ts';

/** Where a listener stands: the front door, or a port of its own that closes with it. */
export interface Place {
  readonly door: Door;
  close(): Promise<void>;
}

/** Throws SETTINGS_INVALID and PORT_TAKEN. */
export async function openPlace(services: Services, settings: SettingsOf<typeof placeFields>): Promise<Place> {
  const { port, host, transport, cert, key, clientCa } = settings;
  if (port === 0) return { door: services.door, close: () => Promise.resolve() };
  if (transport === 'plain' && !isLoopback(host)) {
    throw new Fault('SETTINGS_INVALID', {
      problems: `${host} is not of this machine only: choose TLS, or plain for every network`,
    });
  }
  const { authority, doorLimits: limits } = services;
  const door = await openDoor(
    transport === 'tls'
      ? {
          host,
          port,
          limits,
          ca: clientCa === '' ? authority.ca : clientCa,
          ...(cert === '' ? await authority.issueServer({ names: ['localhost', host] }) : { cert, key }),
        }
      : { host, port, limits, plain: true },
  );
  return { door, close: () => door.close() };
}
