import { addressOf, isEverywhere } from '../../src/address.ts';
import type { Services } from '../../src/app/services.ts';

/** Where this process reaches its own front door: `wss://127.0.0.1:8443/path`. */
export function ownAddress({ door }: Pick<Services, 'door'>, scheme: 'https' | 'mqtts' | 'wss', path = ''): string {
  return `${scheme}://${addressOf(isEverywhere(door.host) ? '127.0.0.1' : door.host, door.port)}${path}`;
}
