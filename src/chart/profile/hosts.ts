import { type Draft, typeOf } from './drafts.ts';
import type { PlaceNames } from './places.ts';
import type { Relay } from './relay-maker.ts';
import type { Step } from './step.ts';

const DEPLOY = 'chartwire-deploy';
/** What the deploy node calls the groups that are marked for an edge host. */
const ALL_HOSTS = { part: 'hosts' } as const;

/** A deploy node for a chart with edge hosts that has none itself. */
export function shipping({ hosts }: PlaceNames, drafts: readonly Draft[]): Relay[] {
  if (hosts.size === 0 || drafts.some((draft) => typeOf(draft) === DEPLOY)) return [];
  return [
    {
      chartId: 'deploy_hosts',
      name: `to ${[...new Set(hosts.values())].join(', ')}`,
      type: DEPLOY,
      settings: ALL_HOSTS,
      refers: {},
      beside: '',
      isImplied: true,
      why: 'subgraphs of the chart are edge hosts, and no box of it deploys them',
    },
  ];
}

/** What runs on an edge host does not run here: its node is disabled, and enabled in the release. */
export function atItsHost(step: Step, { hostOf, hosts }: PlaceNames, relays: ReadonlyMap<string, Relay>): Step {
  const { chartId, type, settings, entry, why } = step;
  if (hosts.size === 0 || entry?.nodeId !== undefined) return step;
  if (type === DEPLOY) return { ...step, settings: { ...ALL_HOSTS, ...settings } };
  const host = hostOf(relays.get(chartId)?.beside ?? chartId);
  if (host === undefined) return step;
  return { ...step, settings: { d: true, ...settings }, why: `${why}; it runs on the edge host ${host}` };
}
