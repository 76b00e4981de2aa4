import type { NodeAPI } from 'node-red';
import type { LiveReading } from '../../src/metrics/live-reading.ts';
import type { Meters } from '../../src/metrics/meters.ts';
import { servicesOf } from '../adapter/services.ts';
import { flowCounters } from '../host/flow-counters.ts';
import { LIVE_SETTING, readRate } from './live-rate.ts';
import { Live } from './live.ts';

/** The server side of the live view: `GET chartwire/live` answers with the figures of the last second, of one tab or of all. */
export default function livePlugin(RED: NodeAPI): void {
  // A headless runtime has no admin server.
  if (RED.httpAdmin === undefined) return;
  RED.plugins.registerPlugin(LIVE_SETTING, {
    type: LIVE_SETTING,
    settings: { '*': { value: undefined, exportable: true } },
  });
  const { values: rate, problems } = readRate(Reflect.get(RED.settings, LIVE_SETTING));
  for (const problem of problems) RED.log.warn(problem);
  let meters: Meters | undefined;
  const live = new Live(RED, flowCounters(RED), () => meters, rate);
  RED.httpAdmin.get('/chartwire/live', RED.auth.needsPermission('flows.read'), (request, response) => {
    // Links are measured by services that the first node opens; figures of wires do not wait for them.
    if (meters === undefined) {
      servicesOf(RED).then(
        (services) => {
          meters = services.meters;
        },
        // Each node that needs them says why there are none.
        () => {},
      );
    }
    const { tab } = request.query;
    response.json(typeof tab === 'string' ? ofTab(RED, live.read(), tab) : live.read());
  });
}

function ofTab(RED: NodeAPI, { at, nodes, wires }: LiveReading, tab: string): LiveReading {
  const ids = new Set<string>();
  RED.nodes.eachNode(({ id, z }) => {
    if (z === tab) ids.add(id);
  });
  return {
    at,
    nodes: Object.fromEntries(Object.entries(nodes).filter(([id]) => ids.has(id))),
    wires: wires.filter(({ from }) => ids.has(from)),
  };
}
