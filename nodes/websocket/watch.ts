import type { Meter } from '../../src/metrics/meter.ts';
import type { Fields } from '../../src/spec/field.ts';
import type { NodeContext } from '../adapter/context.ts';
import { figures } from '../adapter/link-status.ts';
import { watchSide } from '../adapter/watch-side.ts';
import type { LinkSide, ListenerSide } from './links.ts';
import { sessionEvents } from './session-events.ts';

const FIGURES_EVERY_MS = 1000;

/** Keeps meter and status of a node in step with the side it uses. Returns what stops it. */
export function watchWebSocket<F extends Fields>(
  context: NodeContext<F>,
  meter: Meter,
  side: LinkSide | ListenerSide,
): () => void {
  if ('link' in side) return watchSide(context, meter, side.link);
  const { listener } = side;
  const { node, status, every } = context;
  meter.state = { name: 'up', since: Date.now() };
  const show = (): void =>
    status('up', () => {
      let refused = 0;
      for (const count of listener.refused.values()) refused += count;
      const parts = [`${listener.connections} connected`, figures(meter)];
      if (listener.dropped > 0) parts.push(`${listener.dropped} dropped`);
      if (refused > 0) parts.push(`${refused} refused`);
      return parts.join(', ');
    });
  show();
  every(FIGURES_EVERY_MS, show);
  return listener.onPresence(sessionEvents(node));
}
