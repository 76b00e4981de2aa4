import { Fault } from '../../fault.ts';
import type { Ending } from './ending.ts';
import { ExchangeFailure, type Head, type Outgoing } from './exchange.ts';
import type { Origin } from './origin.ts';

const DRAINED_BYTES = 65_536;

/** One try. Its place at the gate is free again when its body has been read or given up. */
export async function attempt(origin: Origin, outgoing: Outgoing, ending: Ending): Promise<Head> {
  const { gate, breaker } = origin;
  ending.throwIfEnded();
  const refusal = breaker.refusal();
  if (refusal !== undefined) throw refusal;
  const turn = gate.enter(ending);
  if (turn !== undefined) await turn;
  try {
    breaker.admit();
  } catch (error) {
    gate.leave();
    throw error;
  }
  try {
    const head = await origin.exchange(outgoing, ending);
    if (head.status >= 500 && head.status !== 501) breaker.fail(new Error(`it answered ${head.status}`));
    else breaker.succeed();
    head.onOver(() => gate.leave());
    return head;
  } catch (error) {
    const fault = error instanceof ExchangeFailure && !error.orderly ? error.fault : ending.reason;
    if (fault instanceof Fault && fault.code !== 'NODE_CLOSED' && fault.code !== 'LINK_CLOSED') breaker.fail(fault);
    else breaker.abandon();
    gate.leave();
    throw error;
  }
}

/** Reads a body nobody wants to its end where that is near: the connection is worth more. Else it is given up. */
export function drain(head: Head): void {
  const announced = Number(head.headers['content-length'] ?? Number.NaN);
  head.body.on('error', () => undefined);
  if (announced <= DRAINED_BYTES) head.body.resume();
  else head.discard();
}
