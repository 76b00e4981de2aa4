import type { EditorGroup, EditorLink, EditorNode } from '../../../../types/node-red-editor.d.ts';
import type { FlowNode } from '../answer.ts';
import type { ChangedNode, FlowChange, WireEnds } from './compare-flows.ts';

/** A step of Node-RED's undo history; their fields are documented nowhere but in its `history.js`. */
type HistoryEvent = object;

/**
 * Makes the change in the editor, in one undo step. Nodes that stay keep their identity, so that what the user has selected
 * or opened stays too. `onUndo` is called when the step is taken back or made again.
 */
export function applyChange(change: FlowChange, onUndo: () => void): void {
  const dirty = RED.nodes.dirty();
  const retyped = change.changed.filter(({ properties }) => properties.includes('type'));
  const kept = change.changed.filter((one) => !retyped.includes(one));
  const removed = [...change.removed, ...retyped.map(({ before }) => before)];
  const added = [...change.added, ...retyped.map(({ after }) => after)];
  const events: HistoryEvent[] = [
    ...removeWires(change.wiresRemoved),
    ...leaveGroups([...kept, ...removed.map((before) => ({ before, after: { ...before, g: undefined } }))]),
  ];
  const links = retyped.flatMap(({ before }) => linksAt(before.id));
  events.push(
    ...removeNodes(removed.filter(({ type }) => type !== 'group')),
    ...removeGroups(removed.filter(({ type }) => type === 'group')),
    ...(retyped.length > 0 ? [drawn()] : []),
    ...addNodes(added),
    ...joinGroups([...added, ...kept.map(({ after }) => after)]),
    ...kept.flatMap(edit),
    ...move(change.moved),
    ...addWires([...change.wiresAdded, ...links]),
  );
  if (events.length === 0) return;
  RED.history.push({ t: 'multi', events, dirty, callback: onUndo });
  RED.nodes.dirty(true);
  RED.view.redraw(true);
}

/**
 * The view knows a node by its id. One that comes back as another type must have been drawn as gone in between, also when the
 * step is undone or made again: an event that changes nothing, at that place.
 */
function drawn(): HistoryEvent {
  const draw = (): void => RED.view.redraw(true, true);
  draw();
  return { t: 'add', nodes: [], callback: draw };
}

const partOf = (id: string): EditorNode | undefined =>
  RED.nodes.node(id) ?? RED.nodes.junction(id) ?? RED.nodes.group(id) ?? undefined;

function linksAt(id: string): WireEnds[] {
  const node = partOf(id);
  if (node === undefined) return [];
  const links = [...RED.nodes.filterLinks({ source: node }), ...RED.nodes.filterLinks({ target: node })];
  return links.map(({ source, sourcePort, target }) => ({ from: source.id, port: sourcePort, to: target.id }));
}

function removeWires(wires: readonly WireEnds[]): HistoryEvent[] {
  const links = wires.flatMap(({ from, port, to }) => linkOf(from, port, to));
  for (const link of links) RED.nodes.removeLink(link);
  return links.length === 0 ? [] : [{ t: 'delete', links }];
}

function linkOf(from: string, port: number, to: string): EditorLink[] {
  const source = partOf(from);
  if (source === undefined) return [];
  return RED.nodes.filterLinks({ source }).filter((link) => link.sourcePort === port && link.target.id === to);
}

function addWires(wires: readonly WireEnds[]): HistoryEvent[] {
  const links = wires.flatMap(({ from, port, to }) => {
    const [source, target] = [partOf(from), partOf(to)];
    if (source === undefined || target === undefined || linkOf(from, port, to).length > 0) return [];
    const link = { source, sourcePort: port, target };
    RED.nodes.addLink(link);
    return [link];
  });
  return links.length === 0 ? [] : [{ t: 'add', links }];
}

function removeNodes(nodes: readonly FlowNode[]): HistoryEvent[] {
  return nodes.flatMap(({ id }): HistoryEvent[] => {
    const junction = RED.nodes.junction(id);
    if (junction !== undefined) return [{ t: 'delete', junctions: [junction], ...RED.nodes.removeJunction(junction) }];
    const node = RED.nodes.node(id);
    return node === null ? [] : [{ t: 'delete', nodes: [node], links: RED.nodes.remove(id).links }];
  });
}

/** Inner groups come after the ones around them in no order that is promised, so each is emptied before. */
function removeGroups(nodes: readonly FlowNode[]): HistoryEvent[] {
  return nodes.flatMap(({ id }) => {
    const group = RED.nodes.group(id) as EditorGroup | undefined;
    if (group === undefined) return [];
    RED.nodes.removeGroup(group);
    return [{ t: 'delete', groups: [group] }];
  });
}

/** Wires and the places in groups come later, when all they lead to is there. */
function addNodes(nodes: readonly FlowNode[]): HistoryEvent[] {
  if (nodes.length === 0) return [];
  const bare = nodes.map(({ g: _g, ...node }) => ({
    ...structuredClone(node),
    ...(Array.isArray(node['wires']) && { wires: node['wires'].map(() => []) }),
    ...(node.type === 'group' && { nodes: [] }),
  }));
  const made = RED.nodes.import(bare, { generateIds: false, addFlow: false, markChanged: true });
  return [
    {
      t: 'add',
      nodes: made.nodes.map(({ id }) => id),
      links: made.links,
      groups: made.groups,
      junctions: made.junctions,
    },
  ];
}

function leaveGroups(changes: readonly { before: FlowNode; after: FlowNode }[]): HistoryEvent[] {
  return changes.flatMap(({ before, after }) => {
    const [node, group] = [
      partOf(before.id),
      typeof before['g'] === 'string' ? RED.nodes.group(before['g']) : undefined,
    ];
    if (node === undefined || group === undefined || before['g'] === after['g']) return [];
    RED.group.removeFromGroup(group as EditorGroup, [node], false);
    return [{ t: 'removeFromGroup', group, nodes: [node], reparent: false }];
  });
}

function joinGroups(nodes: readonly FlowNode[]): HistoryEvent[] {
  return nodes.flatMap((after) => {
    const [node, group] = [partOf(after.id), typeof after['g'] === 'string' ? RED.nodes.group(after['g']) : undefined];
    if (node === undefined || group === undefined || node['g'] === after['g']) return [];
    RED.group.addToGroup(group as EditorGroup, [node]);
    return [{ t: 'addToGroup', group, nodes: [node], reparent: false }];
  });
}

function edit({ after, properties }: ChangedNode): HistoryEvent[] {
  const node = partOf(after.id) ?? RED.nodes.workspace(after.id);
  const own = properties.filter((name) => name !== 'g' && name !== 'type');
  if (node === undefined || own.length === 0) return [];
  const changes = Object.fromEntries(own.map((name) => [name, node[name]]));
  const event = { t: 'edit', node, changes, changed: node.changed, dirty: RED.nodes.dirty() };
  RED.nodes.updateConfigNodeUsers(node, { action: 'remove' });
  for (const name of own) node[name] = structuredClone(after[name]);
  RED.nodes.updateConfigNodeUsers(node, { action: 'add' });
  Object.assign(node, { changed: true, dirty: true, resize: true });
  if (node.type !== 'tab' && node.type !== 'group') {
    RED.editor.updateNodeProperties(node);
    RED.editor.validateNode(node);
  }
  const kind = node.type === 'tab' ? 'flows' : node.type === 'group' ? 'groups' : 'nodes';
  RED.events.emit(`${kind}:change`, node);
  // It writes the names of tabs.
  if (node.type === 'tab') RED.workspaces.refresh();
  return [event];
}

function move(nodes: readonly FlowNode[]): HistoryEvent[] {
  const moved = nodes.flatMap(({ id, x, y }) => {
    const node = partOf(id);
    if (node === undefined || typeof x !== 'number' || typeof y !== 'number') return [];
    const before = { n: node, ox: node.x, oy: node.y, moved: node['moved'] };
    Object.assign(node, { x, y, moved: true, dirty: true });
    return [before];
  });
  return moved.length === 0 ? [] : [{ t: 'move', nodes: moved }];
}
