import type { Entry } from './entry.ts';
import type { Arrow } from './graph.ts';
import { protocolOf } from './protocol-words.ts';
import type { Output, Step } from './step.ts';
import { isSink, outputRows } from './types.ts';

/** A choosing node has one output for each label of its arrows, in the order of its branches; any other node has one. */
export function wiredBy(
  type: string,
  settings: Step['settings'],
  outs: Entry['outs'],
  arrows: readonly Arrow[],
): Pick<Step, 'settings' | 'outputs' | 'labelled'> {
  const rows = outputRows(type);
  if (!outs && rows === undefined && type !== 'switch') {
    const outputs = arrows.length === 0 && isSink(type) ? [] : [outputOf('', arrows)];
    return { settings, outputs, labelled: false };
  }
  const given = rows === undefined ? undefined : rowLabels(settings[rows]);
  const outputs = outs ? outputsNamed(outs, arrows) : outputsByLabel(given ?? [], arrows);
  if (given || type !== 'chartwire-choose') return { settings, outputs, labelled: true };
  const branches = outputs.map(({ label }) => ({ label, protocol: protocolOf(label) ?? '' }));
  return { settings: { ...(branches.length > 0 && { branches }), ...settings }, outputs, labelled: true };
}

function rowLabels(rows: unknown): string[] | undefined {
  if (!Array.isArray(rows)) return undefined;
  return rows.map((row: { label?: unknown } | null) => String(row?.label));
}

/** The outputs an entry lists; an arrow with none of their labels leaves from the first. */
function outputsNamed(outs: readonly string[], arrows: readonly Arrow[]): Output[] {
  const ports = new Map(outs.map((name, port): [string, number] => [name, port]).reverse());
  const byPort = Map.groupBy(arrows, ({ label }) => ports.get(label) ?? 0);
  return outs.map((name, port) => outputOf(name, byPort.get(port) ?? []));
}

/** Parallel arrows become one wire: Node-RED has no second one between the same two ports. */
function outputOf(label: string, arrows: readonly Arrow[]): Output {
  // What leads out of a subflow only has no target in it.
  return { label, targets: [...new Set(arrows.map(({ to }) => to))].filter((to) => to !== '') };
}

function outputsByLabel(first: readonly string[], arrows: readonly Arrow[]): Output[] {
  const byLabel = new Map<string, Arrow[]>(first.map((label) => [label, []]));
  for (const arrow of arrows) {
    const alike = byLabel.get(arrow.label);
    if (alike) alike.push(arrow);
    else byLabel.set(arrow.label, [arrow]);
  }
  return [...byLabel].map(([label, alike]) => outputOf(label, alike));
}
