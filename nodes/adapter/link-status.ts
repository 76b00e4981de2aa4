import type { Meter } from '../../src/metrics/meter.ts';
import type { Tone } from './status.ts';

/** Writes a link's state and figures to a node's status. */
export function linkStatus(meter: Meter, status: (tone: Tone, text: string) => void): () => void {
  return () => {
    const { state } = meter;
    switch (state.name) {
      case 'connecting':
        return status('busy', 'connecting');
      case 'waiting':
        return status('wrong', `down: ${state.cause.message}`);
      case 'closed':
        return status('idle', 'closed');
      case 'up': {
        const { sent, received, roundTripMs } = meter.read();
        return status('up', `${sent} sent, ${received} received, ${roundTripMs.toFixed(1)} ms`);
      }
    }
  };
}
