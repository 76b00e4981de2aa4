import type { Meter } from '../../src/metrics/meter.ts';
import type { Tone } from './status.ts';
import { statusLine } from './status-line.ts';

/** Writes a link's state, the reason when it is down, and its figures to a node's status. */
export function linkStatus(meter: Meter, status: (tone: Tone, text: string) => void): () => void {
  let outage: Error | undefined;
  return () => {
    const { state } = meter;
    if (state.name === 'waiting') outage = state.cause;
    if (state.name === 'up') outage = undefined;
    switch (state.name) {
      case 'connecting':
      case 'waiting':
        // A link that tries again after an outage is still down.
        if (outage === undefined) return status('busy', 'connecting');
        return status('wrong', statusLine(outage));
      case 'closed':
        return status('idle', 'closed');
      case 'up':
        return status('up', figures(meter));
    }
  };
}

/** `12 sent, 3 received, 1 failed, 0.8 ms`, without what there was none of. */
export function figures(meter: Meter): string {
  const { sent, received, failed, roundTripMs } = meter.read();
  const parts = [
    ...(sent > 0 || received === 0 ? [`${sent} sent`] : []),
    ...(received > 0 ? [`${received} received`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(roundTripMs > 0 ? [`${roundTripMs.toFixed(1)} ms`] : []),
  ];
  return parts.join(', ');
}
