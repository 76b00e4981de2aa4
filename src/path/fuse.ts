import { breakCircles } from './break-circles.ts';
import { hears, type Watcher } from './watchers.ts';

/** A node, as far as its wires are concerned. */
export interface PathNode {
  readonly id: string;
  /** What the user calls it. */
  readonly name: string;
  readonly flow: string;
  readonly group: string | undefined;
  readonly wires: readonly (readonly string[])[];
  /** One of ours that runs; any other is reached by the runtime only. */
  readonly own: boolean;
  /** Why no wire that leads here may be a direct call, or any that starts here. */
  readonly barred?: { readonly in?: string; readonly both?: string };
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
  readonly watchers: readonly Watcher[];
  /** The group each group stands in. */
  readonly parentOf: ReadonlyMap<string, string | undefined>;
  /** Why there is no direct call at all: switched off, or somebody listens to every message. */
  readonly off?: string;
}

/**
 * Says for each wire at one of our nodes whether it may be a direct call. A wire is one always or never, so that no message
 * on it can overtake another.
 */
export function fuse({ nodes, watchers, parentOf, off }: FlowPlan): Wire[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const watched = new Map<string, string | undefined>();
  const watcherOf = (node: PathNode): string | undefined => {
    if (!watched.has(node.id)) {
      const watcher = watchers.find((candidate) => hears(candidate, node, parentOf));
      watched.set(node.id, watcher && `a ${watcher.kind} node listens to ${node.name}`);
    }
    return watched.get(node.id);
  };
  const wires = nodes.flatMap((from) =>
    from.wires.flatMap((targets, port) =>
      targets.flatMap((id): Wire[] => {
        const to = byId.get(id);
        if (to === undefined || (!from.own && !to.own)) return [];
        const why = off ?? obstacle(from, to, targets.length) ?? watcherOf(from) ?? watcherOf(to) ?? '';
        return [{ from: from.id, port, to: id, fused: why === '', why }];
      }),
    ),
  );
  return breakCircles(wires);
}

function obstacle(from: PathNode, to: PathNode, targets: number): string | undefined {
  const barred = from.barred?.both ?? to.barred?.both ?? to.barred?.in;
  if (barred !== undefined) return barred;
  if (!from.own) return `${from.name} is no Chartwire node`;
  if (!to.own) return `${to.name} is no Chartwire node`;
  // The first receiver gets the message itself, the others get copies, made before anybody has touched it.
  return targets > 1 ? `${targets} wires leave this output, so the message is copied` : undefined;
}
