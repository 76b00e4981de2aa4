import type { NodeAPI } from 'node-red';

type Flows = Pick<NodeAPI, 'events'>;

/** Those whose flows are being started now, and who waits for the end of that. */
const starting = new WeakMap<Flows['events'], PromiseWithResolvers<void> | undefined>();

/** Takes notice of every start of flows; called when a node type is registered, before the first of them. */
export function followStarts({ events }: Flows): void {
  if (starting.has(events)) return;
  starting.set(events, undefined);
  events.on('flows:starting', () => {
    if (starting.get(events) === undefined) starting.set(events, Promise.withResolvers());
  });
  const over = (): void => {
    starting.get(events)?.resolve();
    starting.set(events, undefined);
  };
  events.on('flows:started', over);
  events.on('flows:stopping', over);
}

/** Resolves when every node has been made: what is sent before reaches nobody who comes after. */
export async function flowsRun({ events }: Flows): Promise<void> {
  await starting.get(events)?.promise;
}
