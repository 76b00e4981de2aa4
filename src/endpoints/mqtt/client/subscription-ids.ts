import type { PublishView } from '../../../wire/mqtt/index.ts';

const SUBSCRIPTION_IDENTIFIER = 0x0b;
const USER_PROPERTY = 0x26;
/** Property bytes of a PUBLISH after their id, where they are of one length (MQTT 5, 3.3.2.3). */
const FIXED: Readonly<Partial<Record<number, number>>> = { 0x01: 1, 0x02: 4, 0x23: 2 };

/** Subscription identifiers of a PUBLISH into `ids`, without reading its other properties. Gives how many. */
export function subscriptionIds({ bytes, propertiesStart, propertiesEnd }: PublishView, ids: number[]): number {
  let count = 0;
  let at = propertiesStart;
  while (at < propertiesEnd) {
    const property = bytes[at]!;
    at += 1;
    if (property === SUBSCRIPTION_IDENTIFIER) {
      let id = 0;
      let shift = 0;
      for (; bytes[at]! > 0x7f; at += 1, shift += 7) id |= (bytes[at]! & 0x7f) << shift;
      ids[count] = id | (bytes[at]! << shift);
      at += 1;
      count += 1;
      continue;
    }
    const fixed = FIXED[property];
    if (fixed !== undefined) {
      at += fixed;
      continue;
    }
    at += 2 + ((bytes[at]! << 8) | bytes[at + 1]!);
    if (property === USER_PROPERTY) at += 2 + ((bytes[at]! << 8) | bytes[at + 1]!);
  }
  return count;
}

/** The identifier of a topic filter: the same after a restart, when the broker still has messages of the old session. */
export function subscriptionIdOf(filter: string, taken: ReadonlyMap<number, unknown>): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < filter.length; index += 1) hash = Math.imul(hash ^ filter.charCodeAt(index), 0x01000193);
  let id = ((hash >>> 0) % LAST_ID) + 1;
  while (taken.has(id)) id = id === LAST_ID ? 1 : id + 1;
  return id;
}

/** The largest a variable byte integer holds (MQTT 5, 3.8.2.1.2). */
const LAST_ID = 268_435_455;
