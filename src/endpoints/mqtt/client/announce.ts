import { isFault } from '../../../fault.ts';
import type { ProtocolLevel } from '../../../wire/mqtt/index.ts';
import type { Outbox } from './outbox.ts';
import type { OnDone } from './outgoing.ts';
import type { Announcement } from './settings.ts';

/** How long a farewell message may take, in ms. */
const FAREWELL_MS = 500;

/** Publishes what the client says by itself. One that cannot be sent is done with the reason. */
export function announce(
  outbox: Outbox,
  level: ProtocolLevel,
  { topic, payload, qos = 0, retain = false, properties }: Announcement,
  onDone: OnDone = () => undefined,
): void {
  const options = { qos, retain, ...(properties === undefined || level < 5 ? {} : { properties }) };
  try {
    outbox.publish(topic, payload, options, onDone);
  } catch (error) {
    onDone(isFault(error) ? error : undefined);
  }
}

/** Resolves with whether the broker took it, within half a second. */
export function sayFarewell(outbox: Outbox, level: ProtocolLevel, farewell: Announcement): Promise<boolean> {
  return new Promise((resolve) => {
    const overdue = setTimeout(() => resolve(false), FAREWELL_MS);
    announce(outbox, level, farewell, (refusal) => {
      clearTimeout(overdue);
      resolve(refusal === undefined);
    });
  });
}
