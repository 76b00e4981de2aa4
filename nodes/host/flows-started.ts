import type { NodeAPI } from 'node-red';

/** Resolves when the flow has started, or when it cannot because types are missing (the editor then says which). */
export function flowsStarted({ events }: Pick<NodeAPI, 'events'>): Promise<void> {
  const started = Promise.withResolvers<void>();
  const onStarted = (): void => started.resolve();
  const onEvent = ({ id, payload }: { id: string; payload?: { type?: string } }): void => {
    if (id === 'runtime-state' && payload?.type === 'warning') started.resolve();
  };
  events.on('flows:started', onStarted);
  events.on('runtime-event', onEvent);
  // Node-RED's event emitter outlives a stop and a new start.
  return started.promise.finally(() => {
    events.off('flows:started', onStarted);
    events.off('runtime-event', onEvent);
  });
}
