import type { Node } from 'node-red';
import type { Presence } from '../../src/endpoints/websocket/index.ts';

/** Says who comes and goes in a node's status, as the core nodes do, for Status nodes. */
export function sessionEvents(node: Node): (presence: Presence) => void {
  return ({ event, client, count }) => {
    if (event === 'join' || event === 'leave') return;
    const text = `${count} connected`;
    const look =
      event === 'error'
        ? { fill: 'red' as const, shape: 'ring' as const }
        : { fill: 'green' as const, shape: 'dot' as const };
    node.status(Object.assign(look, { text, event, _session: { type: 'websocket', id: client.id } }));
  };
}
