import type { Fleet, HostState, ShippedRelease, ShipRequest } from '../../src/fleet/controller.ts';
import { Fault } from '../../src/fault.ts';
import { isRecord } from '../../src/is-record.ts';
import type { NodeContext } from '../adapter/context.ts';
import { nodeType } from '../adapter/node-type.ts';
import type { Tone } from '../adapter/status.ts';
import { definition } from './definition.ts';
import { groupsNamed, partOfFlow, partsForHosts, type StoredNode } from './part-of-flow.ts';

type Context = NodeContext<typeof definition.fields>;

export default nodeType(definition, (context) => {
  const { settings, services, status, send, signal, fail } = context;
  const { fleet } = services;
  if (fleet === undefined) {
    status('idle', services.role === 'edge' ? 'runs on this edge host' : 'no fleet: start with chartwire start');
    return { input: (message, pass) => pass(message) };
  }
  let shipped: ShippedRelease | undefined;
  const show = (): void => {
    const [tone, text] = statusOf(fleet.hosts(), shipped);
    status(tone, text);
  };
  const ship = async (): Promise<ShippedRelease | undefined> => {
    for (const { request, hosts } of cargosOf(context, fleet)) {
      const release = await fleet.ship(request, { hosts });
      shipped = release;
      show();
      fleet.outcome(release.digest, signal).then(
        (outcomes) => send({ topic: 'release', payload: { ...release, outcomes } }),
        (error: unknown) => {
          if (!signal.aborted) fail(error);
        },
      );
    }
    return shipped;
  };
  const stopListening = fleet.onChange(show);
  signal.addEventListener('abort', stopListening);
  show();
  // After the flow has started: what is shipped must be what runs.
  if (settings.when === 'start') setImmediate(() => void ship().catch(fail));
  return {
    async input(message, pass) {
      if (message['action'] === 'ship') await ship();
      pass(message);
    },
    press: ship,
  };
});

/** A release to be, and the ids of the hosts it is for. */
interface Cargo {
  readonly request: ShipRequest;
  readonly hosts: 'all' | readonly string[];
}

/** What goes where by the settings of the node. Throws RELEASE_INVALID. */
function cargosOf({ RED, node, settings, name }: Context, fleet: Fleet): Cargo[] {
  const all: StoredNode[] = [];
  RED.nodes.eachNode((stored) => void all.push(stored as unknown as StoredNode));
  const tab = node.z;
  if (tab === undefined) throw invalid('the deploy node stands on no tab');
  const charts = all.filter(({ type }) => type === 'chartwire-chart');
  const own = charts.find((one) => boundBy(one).has(node.id)) ?? charts.find(({ z }) => z === tab);
  const text = own?.['text'];
  const chart = typeof text === 'string' && { chart: text };
  if (settings.part === 'hosts') {
    const parts = [...partsForHosts(all, tab, boundBy(own))];
    if (parts.length === 0) throw invalid('no group of this tab is marked for an edge host');
    return parts.map(([host, flows]) => ({ request: { name: host, flows, ...chart }, hosts: [idOf(fleet, host)] }));
  }
  let group: string | undefined;
  if (settings.part === 'group') {
    const [found, ...others] = groupsNamed(all, tab, settings.group);
    if (found === undefined) throw invalid(`this tab has no group "${settings.group}"`);
    if (others.length > 0) throw invalid(`this tab has several groups "${settings.group}"`);
    group = found;
  }
  const hosts = settings.hosts
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const called = settings.part === 'group' ? settings.group : labelOf(all, tab, name);
  const request = { name: called, flows: partOfFlow(all, tab, group), ...chart };
  return [{ request, hosts: hosts.length === 0 ? 'all' : hosts }];
}

/** The nodes that a chart draws, on however many tabs. */
function boundBy(chart: StoredNode | undefined): Set<string> {
  const rows: unknown = chart?.['bindings'];
  if (!Array.isArray(rows)) return new Set();
  return new Set(
    rows.flatMap((row: unknown) => (isRecord(row) && typeof row['nodeId'] === 'string' ? [row['nodeId']] : [])),
  );
}

const invalid = (problem: string): Fault => new Fault('RELEASE_INVALID', { problem });

/** The id of the host a group is marked for. */
function idOf(fleet: Fleet, host: string): string {
  const known = fleet.hosts();
  const found = known.find(({ edgeId }) => edgeId === host) ?? known.find(({ name }) => name === host);
  if (found === undefined) throw invalid(`no edge host "${host}" has joined`);
  return found.edgeId;
}

function labelOf(all: readonly StoredNode[], tab: string, otherwise: string): string {
  const label = all.find(({ id }) => id === tab)?.['label'];
  return typeof label === 'string' && label !== '' ? label : otherwise;
}

/** The hosts in one line, the worst news first. */
function statusOf(hosts: readonly HostState[], shipped: ShippedRelease | undefined): [Tone, string] {
  if (hosts.length === 0) return ['idle', 'no edge hosts yet'];
  const wrong = hosts.find(({ state }) => state === 'rolled_back' || state === 'rejected');
  if (wrong !== undefined) return ['wrong', `${wrong.name}: ${wrong.state.replace('_', ' ')}, ${wrong.reason}`];
  const online = hosts.filter((host) => host.online).length;
  const current = hosts.filter(({ desired, running }) => desired !== null && desired === running);
  if (hosts.every(({ desired }) => desired === null))
    return ['idle', `${online} of ${hosts.length} hosts online, nothing shipped`];
  const version = shipped?.version ?? Math.max(0, ...current.map((host) => host.version ?? 0));
  const text = `v${version} runs on ${current.length} of ${hosts.length} hosts, ${online} online`;
  return [current.length === hosts.length ? 'up' : 'busy', text];
}
