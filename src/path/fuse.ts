import { breakCircles } from './break-circles.ts';

/** A node, as far as its wires are concerned. */
export interface PathNode {
  readonly id: string;
  /** What the user calls it. */
  readonly name: string;
  readonly wires: readonly (readonly string[])[];
  /** One of ours that runs; any other is reached by the runtime only. */
  readonly own: boolean;
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
        if (to === undefined || (!from.own && !to.own)) return [];
        const why = off ?? obstacle(from, to) ?? '';
        return [{ from: from.id, port, to: id, fused: why === '', why }];
      }),
    ),
  );
  return breakCircles(wires);
}

function obstacle(from: PathNode, to: PathNode): string | undefined {
  const barred = from.barred?.both ?? to.barred?.both ?? from.barred?.out ?? to.barred?.in;
  if (barred !== undefined) return barred;
  if (!from.own) return `${from.name} is no Chartwire node`;
  return to.own ? undefined : `${to.name} is no Chartwire node`;
}
