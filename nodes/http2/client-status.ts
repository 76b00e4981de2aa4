import type { HttpClient } from '../../src/http/client/index.ts';
import type { Meter } from '../../src/metrics/meter.ts';
import type { Fields } from '../../src/spec/field.ts';
import type { NodeContext } from '../adapter/context.ts';
import { figures } from '../adapter/link-status.ts';
import { statusLine } from '../adapter/status-line.ts';

const FIGURES_EVERY_MS = 1000;

/** Keeps meter and status of a node in step with the client it uses: servers left alone, requests under way, figures. Returns what stops it. */
export function watchClient<F extends Fields>(
  { status, every }: NodeContext<F>,
  meter: Meter,
  client: HttpClient,
): () => void {
  const show = (): void => {
    const [outage] = client.outages;
    if (outage !== undefined) {
      meter.state = { name: 'waiting', retryInMs: 0, cause: outage };
      return status('wrong', statusLine(outage));
    }
    if (meter.state.name !== 'up') meter.state = { name: 'up', since: Date.now() };
    const { inFlight } = meter.read();
    if (inFlight === 0) status('up', figures(meter));
    else status('busy', `${inFlight} under way, ${figures(meter)}`);
  };
  show();
  every(FIGURES_EVERY_MS, show);
  return client.onOutage(show);
}
