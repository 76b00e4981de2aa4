import type { Link, Listener } from '../../src/endpoint/endpoint.ts';
import type { LinkState } from '../../src/endpoint/link-state.ts';
import type { Meter } from '../../src/metrics/meter.ts';
import type { Fields } from '../../src/spec/field.ts';
import type { NodeContext } from './context.ts';
import { figures, linkStatus } from './link-status.ts';
import { outageTeller } from './outage.ts';

const FIGURES_EVERY_MS = 1000;

/**
 * Keeps meter and status of a node in step with the link or listener it uses, and tells each outage once, to Catch too.
 * Returns what stops it.
 */
export function watchSide<F extends Fields>(
  { status, fail, every }: NodeContext<F>,
  meter: Meter,
  side: Link | Listener,
): () => void {
  if (!('state' in side)) {
    meter.state = { name: 'up', since: Date.now() };
    const show = (): void => status('up', `${side.connections} connected, ${figures(meter)}`);
    show();
    every(FIGURES_EVERY_MS, show);
    return () => undefined;
  }
  const show = linkStatus(meter, status);
  const tellOutage = outageTeller(fail);
  const look = (state: LinkState): void => {
    meter.state = state;
    tellOutage(state);
    show();
  };
  look(side.state);
  every(FIGURES_EVERY_MS, show);
  return side.onState(look);
}
