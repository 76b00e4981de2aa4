import type { Wire } from '../../src/path/fuse.ts';
import type { RunningNodes } from './running-nodes.ts';

/** The wires as the editor draws them: those in a subflow once, and a direct call only where each of its instances has one. */
export function drawnWires(wires: readonly Wire[], running: Pick<RunningNodes, 'get'>): Wire[] {
  const drawn = new Map<string, Wire>();
  for (const wire of wires) {
    const from = running.get(wire.from)?.node._alias ?? wire.from;
    const to = running.get(wire.to)?.node._alias ?? wire.to;
    const key = [from, wire.port, to].join(' ');
    if (drawn.get(key)?.fused !== false) drawn.set(key, { ...wire, from, to });
  }
  return [...drawn.values()];
}
