import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBroker, type BrokerOptions } from '../../../src/broker/open-broker.ts';
import type { Broker } from '../../../src/broker/broker.ts';
import { identityOf } from '../../../src/front-door/door.ts';
import { openDoor } from '../../../src/front-door/open-door.ts';
import { openAuthority, type Authority, type IssuedCertificate } from '../../../src/security/certificates.ts';

export interface Identities {
  readonly authority: Authority;
  readonly server: IssuedCertificate;
  readonly client: IssuedCertificate;
  close(): Promise<void>;
}

/** An authority in a folder of its own, which `close` removes, and a certificate for each side. */
export async function openIdentities(): Promise<Identities> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-mqtt-'));
  const authority = await openAuthority(folder);
  return {
    authority,
    server: await authority.issueServer({ names: ['127.0.0.1'] }),
    client: await authority.issueClient({ commonName: 'contract' }),
    close: async () => await rm(folder, { recursive: true }),
  };
}

export interface BrokerPort {
  readonly broker: Broker;
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A broker that everybody may use, behind a door of its own; `prepare` runs before the first connection can come. */
export async function openBrokerPort(
  { authority, server }: Identities,
  port = 0,
  { options = {}, prepare }: { options?: BrokerOptions; prepare?: (broker: Broker) => Promise<void> } = {},
): Promise<BrokerPort> {
  const broker = await openBroker({
    authorize: () => true,
    ...options,
    // Room for topic and properties beside the largest payload.
    limits: { maxPacketBytes: 262_144 + 65_536, ...options.limits },
  });
  await prepare?.(broker);
  const door = await openDoor({ host: '127.0.0.1', port, ...server, ca: authority.ca });
  door.mqtt((socket) => broker.handle(socket, identityOf(socket)));
  return {
    broker,
    url: `mqtts://127.0.0.1:${door.port}`,
    port: door.port,
    close: async () => {
      await broker.close();
      await door.close();
    },
  };
}
