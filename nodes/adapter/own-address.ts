import type { Services } from '../../src/app/services.ts';

/** Where this process reaches its own front door: `wss://127.0.0.1:8443/path`. */
export function ownAddress({ door }: Pick<Services, 'door'>, scheme: 'https' | 'mqtts' | 'wss', path = ''): string {
  const host = door.host === '0.0.0.0' || door.host === '::' ? '127.0.0.1' : door.host;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${door.port}${path}`;
}
