import type { Broker } from './broker.ts';
import { EventGate } from './event-gate.ts';

/** Characters of a client id in a line: a client chooses it, and it may be long. */
const MOST_ID_TEXT = 200;

/** One line for each thing that was refused and each client that is too slow, no more than a log can take. Returns what ends it. */
export function logRefusals(broker: Broker, log: (line: string) => void): () => void {
  const gate = new EventGate();
  return broker.onClient((event, { clientId }, reason) => {
    if (event !== 'refused' && event !== 'slow') return;
    const leftOut = gate.pass();
    if (leftOut === undefined) return;
    if (leftOut > 0) log(`MQTT: ${leftOut} more were refused`);
    log(`MQTT: ${event} ${JSON.stringify(clientId.slice(0, MOST_ID_TEXT))}: ${reason}`);
  });
}
