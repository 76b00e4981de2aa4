import { tab, type StoredNode } from './node-red.ts';

/** A listener that sends everything that arrives back to everyone who is connected. */
export function echoing(protocol: string, listener: Readonly<Record<string, unknown>>): readonly StoredNode[] {
  const side = { z: tab.id, listener: 'echo' };
  return [
    { id: 'echo', type: `chartwire-${protocol}-listener`, ...listener },
    { id: 'echo-in', type: `chartwire-${protocol}-in`, ...side, wires: [['echo-out']] },
    { id: 'echo-out', type: `chartwire-${protocol}-out`, ...side, wires: [] },
  ];
}
