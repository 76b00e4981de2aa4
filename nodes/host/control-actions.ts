import type RED from 'node-red';
import type { Services } from '../../src/app/services.ts';
import type { ControlAction } from '../../src/control/server.ts';
import { Fault } from '../../src/fault.ts';
import type { ShipRequest } from '../../src/fleet/controller.ts';
import type { FlowNode } from '../../src/fleet/flow-nodes.ts';
import type { Door } from '../../src/front-door/door.ts';
import { peerIdentity } from '../../src/security/peer-identity.ts';
import type { FlowCounters } from './flow-counters.ts';
import { flowStatus, type StoredNode } from './flow-status.ts';

interface Parts {
  readonly RED: typeof RED;
  readonly services: Services;
  readonly counters: FlowCounters;
  readonly version: string;
  readonly listeners: Readonly<Record<string, string | null>>;
  /** A host that has not answered by then is no verdict; `chartwire fleet hosts` tells later. Default 60,000. */
  readonly longestOutcomeMs?: number;
}

/** What local commands may ask of a running Chartwire. */
export function controlActions({
  RED,
  services,
  counters,
  version,
  listeners,
  longestOutcomeMs = 60_000,
}: Parts): Record<string, ControlAction> {
  const startedAt = Date.now();
  return {
    async status() {
      const { flows: flow } = await RED.runtime.flows.getFlows({});
      return {
        version,
        pid: process.pid,
        uptimeInS: Math.round((Date.now() - startedAt) / 1000),
        listeners,
        peerFingerprint: (await peerIdentity(services)).fingerprint,
        ...flowStatus(flow as unknown as StoredNode[], counters),
        links: services.meters.all().map((meter) => meter.read()),
        door: { ...services.door.counts, shut: [...services.door.shut] },
        broker: { clients: services.broker.clients.size, ...services.broker.counts },
      };
    },
    door(body) {
      const { protocol, open } = doorChangeOf(body);
      services.door.setOpen(protocol, open);
      return { shut: [...services.door.shut] };
    },
    hosts: () => fleetOf(services).hosts(),
    async ship(body) {
      const fleet = fleetOf(services);
      const release = await fleet.ship(shipmentOf(body));
      const tooLate = AbortSignal.timeout(longestOutcomeMs);
      try {
        return { ...release, outcomes: await fleet.outcome(release.digest, tooLate) };
      } catch (error) {
        throw tooLate.aborted ? new Fault('HOSTS_SILENT', { afterMs: longestOutcomeMs }, { cause: error }) : error;
      }
    },
    invite: (body) => fleetOf(services).invite(inviteOf(body)),
  };
}

function fleetOf({ fleet }: Services): NonNullable<Services['fleet']> {
  if (fleet === undefined) throw new Fault('COMMAND_UNKNOWN', { command: 'fleet', known: 'status' });
  return fleet;
}

type DoorProtocol = keyof Door['counts'];

function doorChangeOf(body: unknown): { protocol: DoorProtocol; open: boolean } {
  if (typeof body === 'object' && body !== null && 'protocol' in body && 'open' in body) {
    const protocol = (['mqtt', 'http1', 'http2', 'websocket'] as const).find((known) => known === body.protocol);
    if (protocol !== undefined && typeof body.open === 'boolean') return { protocol, open: body.open };
  }
  throw new Fault('MESSAGE_INVALID', { problem: 'it names no protocol (mqtt, http1, http2, websocket)' });
}

function shipmentOf(body: unknown): ShipRequest {
  if (typeof body === 'object' && body !== null && 'name' in body && 'flows' in body) {
    if (typeof body.name === 'string' && Array.isArray(body.flows))
      return { name: body.name, flows: body.flows as FlowNode[] };
  }
  throw new Fault('RELEASE_INVALID', { problem: 'a flow file holds an array of nodes' });
}

function inviteOf(body: unknown): { name?: string } {
  return typeof body === 'object' && body !== null && 'name' in body && typeof body.name === 'string'
    ? { name: body.name }
    : {};
}
