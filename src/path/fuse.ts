import { breakCircles } from './break-circles.ts';

/** A node, as far as its wires are concerned. */
export interface PathNode {
  readonly id: string;
  /** What the user calls it. */
  readonly name: string;
  readonly wires: readonly (readonly string[])[];
  /** One of ours that runs, or one that passes messages on as they are; any other is reached by the runtime only. */
  readonly kind: 'own' | 'relay' | 'foreign';
  /** Why no wire that leads here may be a direct call, or that starts here, or both. */
  readonly barred?: { readonly in?: string; readonly out?: string; readonly both?: string };
}

/** One wire and how messages get over it. */
export interface Wire {
  readonly from: string;
  readonly port: number;
  readonly to: string;
  /** A direct call; else the message goes through the runtime. */
  readonly fused: boolean;
  /** What stands against a direct call; empty when it is one. */
  readonly why: string;
}

/** All that decides which wires may be direct calls. */
export interface FlowPlan {
  readonly nodes: readonly PathNode[];
  /** Why there is no direct call at all: switched off, or somebody listens to every message. */
  readonly off?: string;
}

/**
 * Says for each wire at one of our nodes whether it may be a direct call. A wire is one always or never, so that no message
 * on it can overtake another.
 */
export function fuse({ nodes, off }: FlowPlan): Wire[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const wires = nodes.flatMap((from) =>
    from.wires.flatMap((targets, port) =>
      targets.flatMap((id): Wire[] => {
        const to = byId.get(id);
        if (to === undefined || (from.kind === 'foreign' && to.kind === 'foreign')) return [];
        const why = off ?? obstacle(from, to) ?? '';
        return [{ from: from.id, port, to: id, fused: why === '', why }];
      }),
    ),
  );
  return breakCircles(withoutIdleRelays(wires, byId));
}

/** A relay is passed by those who call it: where nobody does, it gets its messages and sends them on by the runtime. */
function withoutIdleRelays(wires: readonly Wire[], byId: ReadonlyMap<string, PathNode>): Wire[] {
  const called = new Set<string>();
  const leaving = Map.groupBy(wires, ({ from }) => from);
  const open = wires.filter(({ from, fused }) => fused && byId.get(from)?.kind === 'own');
  for (const { to } of open) {
    if (called.has(to)) continue;
    called.add(to);
    if (byId.get(to)?.kind === 'relay') open.push(...(leaving.get(to) ?? []).filter(({ fused }) => fused));
  }
  return wires.flatMap((wire): Wire[] => {
    const [from, to] = [byId.get(wire.from), byId.get(wire.to)];
    if (from?.kind === 'foreign' && to?.kind === 'relay' && !called.has(wire.to)) return [];
    if (from?.kind !== 'relay' || called.has(wire.from)) return [wire];
    return to?.kind === 'own'
      ? [{ ...wire, fused: false, why: wire.why || `nothing of ours leads to ${from.name}` }]
      : [];
  });
}

function obstacle(from: PathNode, to: PathNode): string | undefined {
  const barred = from.barred?.both ?? to.barred?.both ?? from.barred?.out ?? to.barred?.in;
  if (barred !== undefined) return barred;
  if (from.kind === 'foreign') return `${from.name} is no Chartwire node`;
  return to.kind === 'foreign' ? `${to.name} is no Chartwire node` : undefined;
}
