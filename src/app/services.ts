import type { Broker } from '../broker/broker.ts';
import type { TlsIdentity } from '../endpoint/endpoint.ts';
import type { Fleet } from '../fleet/controller.ts';
import type { Door } from '../front-door/door.ts';
import { Meters } from '../metrics/meters.ts';
import { Policies } from '../choose/policies.ts';
import type { Authority } from '../security/authority.ts';

/** `controller` runs the editor, `edge` runs releases, `palette` is somebody's own Node-RED. */
export type Role = 'controller' | 'edge' | 'palette';

/** What every node can rely on: one broker, one front door, one identity, one set of meters to a process. */
export interface Services extends AsyncDisposable {
  readonly role: Role;
  readonly home: string;
  readonly authority: Authority;
  readonly broker: Broker;
  readonly door: Door;
  /** Client identity of this process for links to its own listeners. */
  readonly identity: TlsIdentity;
  readonly meters: Meters;
  readonly policies: Policies;
  readonly fleet: Fleet | undefined;
  close(): Promise<void>;
}
export interface ServicesOptions {
  readonly home: string;
  readonly role: Role;
  readonly host: string;
  /** 0 takes any free port. */
  readonly tlsPort: number;
}
