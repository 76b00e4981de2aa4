import type { NodeAPI } from 'node-red';

/** Resolves when the flow has started, or when it cannot because types are missing (the editor then says which). */
export function flowsStarted(RED: Pick<NodeAPI, 'events'>): Promise<void> {
  return new Promise((resolve) => {
    RED.events.once('flows:started', () => resolve());
    RED.events.on('runtime-event', (event: { id: string; payload?: { type?: string } }) => {
      if (event.id === 'runtime-state' && event.payload?.type === 'warning') resolve();
    });
  });
}
