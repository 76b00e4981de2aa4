import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { authorizeByIdentity, CONTROLLER_IDENTITY } from '../broker/acl.ts';
import type { Broker } from '../broker/broker.ts';
import { openBroker } from '../broker/open-broker.ts';
import { webSocketsOf } from '../broker/web-sockets.ts';
import { Choosers } from '../choose/choosers.ts';
import type { TlsIdentity } from '../endpoint/endpoint.ts';
import { errorLine, Fault } from '../fault.ts';
import { openFleet, type Fleet } from '../fleet/controller.ts';
import { openSigner } from '../fleet/signer.ts';
import { identityOf, type Door } from '../front-door/door.ts';
import type { DoorLimits } from '../front-door/door-limits.ts';
import { openDoor } from '../front-door/open-door.ts';
import { Meters } from '../metrics/meters.ts';
import { localNames, openAuthority, type Authority } from '../security/certificates.ts';
import { openServerIdentity } from '../security/server-identity.ts';
import type { Limits } from './limits.ts';

/** `controller` runs the editor, `edge` runs releases, `palette` is somebody's own Node-RED. */
export type Role = 'controller' | 'edge' | 'palette';

/** What every node can rely on: one broker, one front door, one identity, one set of meters to a process. */
export interface Services extends AsyncDisposable {
  readonly role: Role;
  readonly home: string;
  readonly authority: Authority;
  readonly broker: Broker;
  readonly door: Door;
  /** Those of the front door hold for the doors of listeners with ports of their own, too. */
  readonly doorLimits: DoorLimits;
  /** Client identity of this process for links to its own listeners. */
  readonly identity: TlsIdentity;
  readonly meters: Meters;
  readonly choosers: Choosers;
  /** The broker of the controller, on an edge host. */
  readonly controller: FarBroker | undefined;
  /** Only a controller has a fleet. */
  readonly fleet: Fleet | undefined;
  close(): Promise<void>;
}

/** A broker elsewhere, and who we are to it. */
interface FarBroker {
  readonly url: string;
  readonly tls: TlsIdentity;
}

export interface ServicesOptions {
  /** Folder that holds all state. */
  readonly home: string;
  readonly role: Role;
  readonly host: string;
  /** 0 takes any free port. */
  readonly tlsPort: number;
  readonly controller?: FarBroker;
  /** What others may take of the broker and the front door; the defaults without it. */
  readonly limits?: Limits;
}

/** The largest payload of a link (256 KiB) with room for topic and properties beside it. */
const MAX_PACKET_BYTES = 320 * 1024;
/** Certificates are looked at once a day and renewed when due, without dropping anybody. */
const RENEWAL_PERIOD_MS = 24 * 60 * 60 * 1000;

/** Opens CA, broker and front door, and on a controller the fleet. Throws PORT_TAKEN. */
export async function openServices(options: ServicesOptions): Promise<Services> {
  const { home, role, host, tlsPort, limits, controller } = options;
  const folder = join(home, 'certificates');
  const authority = await openAuthority(folder);
  const names = [...new Set([...localNames(), host])];
  const server = await openServerIdentity(authority, folder, names);
  const own = await authority.issueClient({ commonName: CONTROLLER_IDENTITY });
  await using opened = new AsyncDisposableStack();
  const broker = opened.use(
    await openBroker({
      authorize: authorizeByIdentity,
      limits: { maxPacketBytes: MAX_PACKET_BYTES, ...limits?.broker },
      // Somebody's own Node-RED may run on a Node.js that is older than its SQLite.
      ...(isBuiltin('node:sqlite') && { file: join(home, 'broker.db') }),
      onError: (error) => process.emitWarning(errorLine(error)),
    }),
  );
  const doorLimits = limits?.door ?? {};
  const door = opened.use(await openDoor({ host, port: tlsPort, ...server, limits: doorLimits }));
  door.mqtt((socket) => broker.handle(socket, identityOf(socket)));
  const takeWebSocket = webSocketsOf(broker);
  door.upgrade('/mqtt', (upgrade) => {
    const { bare, socket } = upgrade;
    if (bare === undefined)
      upgrade.refuse(505, new Fault('HANDSHAKE_INVALID', { problem: 'MQTT is served over HTTP/1.1' }));
    else takeWebSocket(bare.request, bare.stream, bare.head, identityOf(socket as TLSSocket));
  });
  const fleet =
    role === 'controller'
      ? opened.use(await openFleet({ home, broker, authority, door, signer: await openSigner(home) }))
      : undefined;
  const renewal = setInterval(() => {
    openServerIdentity(authority, folder, names).then(
      (renewed) => door.renew(renewed),
      // The old one serves on, and the next day tries again; but somebody must know.
      (error: unknown) => process.emitWarning(`the certificate was not renewed: ${errorLine(error)}`),
    );
  }, RENEWAL_PERIOD_MS).unref();
  opened.defer(() => clearInterval(renewal));
  const lifetime = opened.move();
  const close = (): Promise<void> => lifetime.disposeAsync();
  return {
    role,
    home,
    authority,
    broker,
    door,
    doorLimits,
    identity: { ca: authority.ca, ...own },
    meters: new Meters(),
    choosers: new Choosers(),
    controller,
    fleet,
    close,
    [Symbol.asyncDispose]: close,
  };
}
