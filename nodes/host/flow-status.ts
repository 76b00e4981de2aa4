import { wireLists } from '../../src/chart/flow-node.ts';
import type { FlowCounters } from './flow-counters.ts';

/** A node or tab as it stands in the flow file. */
export interface StoredNode {
  readonly id: string;
  readonly type: string;
  readonly z?: string;
  readonly name?: string;
  readonly label?: string;
  readonly chartId?: string;
  readonly wires?: readonly (readonly string[])[];
}

export interface FlowStatus {
  readonly flows: readonly { id: string; name: string }[];
  readonly nodes: readonly {
    id: string;
    type: string;
    name: string;
    flow: string;
    chartId: string;
    messagesIn: number;
    messagesOut: number;
    errors: number;
    state: string;
  }[];
  readonly wires: readonly { from: string; port: number; to: string; messages: number }[];
}

const NOT_ON_CANVAS = new Set(['tab', 'group', 'subflow', 'comment']);

/** The counters, told in the words of the flow. A node without a place on the canvas is no row. */
export function flowStatus(flow: readonly StoredNode[], counters: FlowCounters): FlowStatus {
  const placed = flow.filter((node) => node.wires !== undefined && !NOT_ON_CANVAS.has(node.type));
  return {
    flows: flow.filter(({ type }) => type === 'tab').map(({ id, label }) => ({ id, name: label ?? '' })),
    nodes: placed.map(({ id, type, name, z, chartId }) => {
      const { received, sent, errors, state } = counters.node(id);
      return {
        id,
        type,
        name: name ?? '',
        flow: z ?? '',
        chartId: chartId ?? '',
        messagesIn: received,
        messagesOut: sent,
        errors,
        state,
      };
    }),
    wires: placed.flatMap((node) =>
      wireLists(node.wires).flatMap((targets, port) =>
        targets.map((to) => ({ from: node.id, port, to, messages: counters.sent(node.id, port) })),
      ),
    ),
  };
}
