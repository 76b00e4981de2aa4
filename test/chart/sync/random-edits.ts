import * as fc from 'fast-check';
import type { FlowNode } from '../../../src/chart/index.ts';

/** One thing a person does in the editor; the numbers choose among what is there. */
export type RandomEdit =
  | { readonly kind: 'rename'; readonly at: number; readonly name: string }
  | { readonly kind: 'delete'; readonly at: number }
  | { readonly kind: 'add'; readonly type: string; readonly name: string; readonly group: number }
  | { readonly kind: 'wire'; readonly from: number; readonly port: number; readonly to: number }
  | { readonly kind: 'unwire'; readonly at: number; readonly port: number; readonly target: number }
  | { readonly kind: 'move'; readonly at: number; readonly group: number }
  | { readonly kind: 'set'; readonly at: number; readonly key: string; readonly value: unknown }
  | { readonly kind: 'retype'; readonly at: number; readonly type: string }
  | { readonly kind: 'group'; readonly at: number; readonly other: number; readonly name: string }
  | { readonly kind: 'ungroup'; readonly at: number };

const name = fc.constantFrom(
  'Pump',
  'Start',
  'A & B',
  'say "hi"',
  '',
  'end',
  'Größe 5 <b>',
  '設備 😀',
  'x',
  'class',
  'a #quot; b',
  'מד',
);
const type = fc.constantFrom('debug', 'function', 'chartwire-step', 'delay', 'mqtt in', 'foreign');
const at = fc.nat(50);

export const randomEdits: fc.Arbitrary<RandomEdit[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('rename' as const), at, name }),
    fc.record({ kind: fc.constant('delete' as const), at }),
    fc.record({ kind: fc.constant('add' as const), type, name, group: at }),
    fc.record({ kind: fc.constant('wire' as const), from: at, port: fc.nat(3), to: at }),
    fc.record({ kind: fc.constant('unwire' as const), at, port: fc.nat(3), target: at }),
    fc.record({ kind: fc.constant('move' as const), at, group: at }),
    fc.record({
      kind: fc.constant('set' as const),
      at,
      key: fc.constantFrom('topic', 'd', 'at', 'payload', 'note'),
      value: fc.constantFrom<unknown>('a/b', true, 5, [1, { b: 2 }], 'two\nlines', '', null),
    }),
    fc.record({ kind: fc.constant('retype' as const), at, type }),
    fc.record({ kind: fc.constant('group' as const), at, other: at, name }),
    fc.record({ kind: fc.constant('ungroup' as const), at }),
  ),
  { maxLength: 6 },
);

let fresh = 0;

/** The flow after a person did all this to it. */
export function edited(flow: readonly FlowNode[], edits: readonly RandomEdit[]): FlowNode[] {
  return edits.reduce((now: FlowNode[], edit) => tidy(done(now, edit)), structuredClone([...flow]));
}

function done(flow: FlowNode[], edit: RandomEdit): FlowNode[] {
  const boxes = flow.filter(({ type: kind, wires }) => kind !== 'group' && Array.isArray(wires));
  const groups = flow.filter(({ type: kind }) => kind === 'group');
  const pick = (list: readonly FlowNode[], index: number): FlowNode | undefined =>
    list[index % Math.max(1, list.length)];
  const put = (id: string | undefined, change: (node: FlowNode) => object): FlowNode[] =>
    flow.map((node) => (node.id === id ? { ...node, ...change(node) } : node));
  const z = String(flow.find(({ type: kind }) => kind === 'tab')?.id);
  switch (edit.kind) {
    case 'rename':
      return put(pick([...boxes, ...groups], edit.at)?.id, () => ({ name: edit.name }));
    case 'delete': {
      const gone = pick(boxes, edit.at)?.id;
      return flow.filter(({ id }) => id !== gone);
    }
    case 'add': {
      const g = edit.group % 2 === 0 ? undefined : pick(groups, edit.group)?.id;
      fresh += 1;
      return [
        ...flow,
        {
          id: `new${fresh}`,
          type: edit.type,
          z,
          ...(g !== undefined && { g }),
          name: edit.name,
          x: 300,
          y: 200,
          wires: [[]],
        },
      ];
    }
    case 'wire': {
      const to = pick(boxes, edit.to)?.id;
      return put(pick(boxes, edit.from)?.id, ({ wires }) => {
        const ports = wires as string[][];
        const port = edit.port % Math.max(1, ports.length);
        return {
          wires: ports.map((targets, index) =>
            index === port && to !== undefined && !targets.includes(to) ? [...targets, to] : targets,
          ),
        };
      });
    }
    case 'unwire':
      return put(pick(boxes, edit.at)?.id, ({ wires }) => ({
        wires: (wires as string[][]).map((targets, port) =>
          port === edit.port % Math.max(1, (wires as string[][]).length)
            ? targets.filter((_, index) => index !== edit.target % Math.max(1, targets.length))
            : targets,
        ),
      }));
    case 'move': {
      const g = edit.group % 3 === 0 ? undefined : pick(groups, edit.group)?.id;
      return put(pick(boxes, edit.at)?.id, () => ({ g }));
    }
    case 'set':
      return put(pick(boxes, edit.at)?.id, () => ({ [edit.key]: edit.value }));
    case 'retype':
      return put(pick(boxes, edit.at)?.id, ({ wires }) => ({ type: edit.type, wires: [(wires as string[][]).flat()] }));
    case 'group': {
      fresh += 1;
      const id = `new${fresh}`;
      const members = [pick(boxes, edit.at)?.id, pick(boxes, edit.other)?.id];
      if (members[0] === undefined) return flow;
      const moved = flow.map((node) => (members.includes(node.id) ? { ...node, g: id } : node));
      return [
        ...moved,
        { id, type: 'group', z, name: edit.name, style: { label: true }, nodes: [], x: 0, y: 0, w: 0, h: 0 },
      ];
    }
    case 'ungroup': {
      const gone = pick(groups, edit.at);
      if (!gone) return flow;
      const up = gone['g'];
      return flow.filter(({ id }) => id !== gone.id).map((node) => (node['g'] === gone.id ? { ...node, g: up } : node));
    }
  }
}

/** As the editor leaves a flow: no wires to what is gone, no empty groups, members listed. */
function tidy(flow: FlowNode[]): FlowNode[] {
  const ids = new Set(flow.map(({ id }) => id));
  const used = new Set(flow.map(({ g }) => g));
  const kept = flow.filter(({ id, type: kind }) => kind !== 'group' || used.has(id));
  if (kept.length < flow.length) return tidy(kept);
  return kept.map((node) => {
    const { g, wires, nodes, ...rest } = node;
    return {
      ...rest,
      ...(typeof g === 'string' && ids.has(g) && { g }),
      ...(Array.isArray(wires) && {
        wires: wires.map((targets: string[]) => [...new Set(targets)].filter((to) => ids.has(to))),
      }),
      ...(Array.isArray(nodes) && { nodes: kept.filter((other) => other['g'] === node.id).map(({ id }) => id) }),
    };
  });
}

/** What must agree when a chart and a flow agree: places, help texts, test messages, guards, control and the order of lists are the flow's own. */
export function essence(flow: readonly FlowNode[]): object[] {
  return flow
    .filter(({ type: kind }) => kind !== 'tab' && kind !== 'chartwire-chart')
    .map(
      ({
        x: _x,
        y: _y,
        w: _w,
        h: _h,
        info: _info,
        test: _test,
        guard: _guard,
        once: _once,
        control: _control,
        chartId: _box,
        outputLabels: _labels,
        nodes: _nodes,
        wires,
        ...rest
      }) => ({
        ...rest,
        ...(Array.isArray(wires) && { wires: wires.map((targets: string[]) => targets.toSorted()) }),
      }),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
