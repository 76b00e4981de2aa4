import type { LinkState } from '../../src/endpoint/link-state.ts';
import type { Meter } from '../../src/metrics/meter.ts';
import type { Fields } from '../../src/spec/field.ts';
import type { NodeContext } from '../adapter/context.ts';
import { figures, linkStatus } from '../adapter/link-status.ts';
import type { Tone } from '../adapter/status.ts';
import { outageTeller } from '../adapter/outage.ts';
import type { MqttSide } from './side.ts';

const FIGURES_EVERY_MS = 1000;

/** What a node shows instead of its figures. */
export interface Obstacle {
  readonly tone: Tone;
  readonly text: string;
}

/**
 * Keeps meter and status of a node in step with the broker it uses, and tells each outage once. `obstacle` is what stands
 * against the node's own work while the connection is well: a refused subscription. Returns what shows it anew, and what ends it.
 */
export function watchMqtt<F extends Fields>(
  { status, fail, every }: NodeContext<F>,
  meter: Meter,
  side: MqttSide,
  obstacle: () => Obstacle | undefined = () => undefined,
): { show(): void; stop(): void } {
  const showLink = linkStatus(meter, status);
  const tellOutage = outageTeller(fail);
  const show = (): void => {
    const found = meter.state.name === 'up' ? obstacle() : undefined;
    if (found !== undefined) status(found.tone, found.text);
    else if (side.direct) status('up', `direct, ${figures(meter)}`);
    else showLink();
  };
  const look = (state: LinkState): void => {
    meter.state = state;
    tellOutage(state);
    show();
  };
  look(side.state);
  every(FIGURES_EVERY_MS, show);
  return { show, stop: side.onState(look) };
}
