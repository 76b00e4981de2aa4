import type { Action, Authorize } from './broker.ts';
import { overlaps } from './topic.ts';

/** The identity a Chartwire has on its own links: the broker lets it do everything, and it rules the fleet. */
export const CONTROLLER_IDENTITY = 'chartwire-controller';

/** Everything Chartwire says to itself. */
const OWN_AREA = 'chartwire/#';
const FLEET = 'chartwire/fleet';
/** What an edge host may do with the topics below its own id. */
const EDGE_RIGHTS: Readonly<Record<Action, readonly string[]>> = {
  subscribe: ['desired', 'cmd'],
  publish: ['reported', 'presence'],
};

/**
 * Who may do what, when nothing else is said: the controller everything but publish to `$` topics; `edge-<id>` its own
 * four fleet topics; and everyone, certificate or not, what lies outside `chartwire/#` and `$` topics. A wildcard that
 * could reach a forbidden topic is refused as a whole.
 */
export const authorizeByIdentity: Authorize = (identity, action, topic) => {
  if (identity === CONTROLLER_IDENTITY) return action === 'subscribe' || !topic.startsWith('$');
  const edge = edgeIdOf(identity);
  if (edge !== undefined && EDGE_RIGHTS[action].some((right) => topic === `${FLEET}/${edge}/${right}`)) return true;
  return !topic.startsWith('$') && !overlaps(topic, OWN_AREA);
};

/** The id in `edge-<id>`; undefined for other identities and for ids that would change the meaning of a topic. */
export function edgeIdOf(identity: string | undefined): string | undefined {
  return /^edge-([\w.-]+)$/.exec(identity ?? '')?.[1];
}
