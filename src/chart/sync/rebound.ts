import type { ReadChart } from '../derive.ts';
import type { Binding } from '../flow-node.ts';
import { plainText } from '../profile/plain-text.ts';

/** The bindings for an edited chart: a box whose id was changed, and nothing else, is still the same node. */
export function rebound(before: ReadChart, after: ReadChart, bindings: readonly Binding[]): Binding[] {
  const [old, young] = [namesOf(before), namesOf(after)];
  const gone = byName([...old].filter(([id]) => !young.has(id)));
  const come = byName([...young].filter(([id]) => !old.has(id)));
  const nodeOf = new Map(bindings.map(({ chartId, nodeId }) => [chartId, nodeId]));
  const result = bindings.filter(({ chartId }) => !come.size || old.has(chartId) || !young.has(chartId));
  for (const [name, ids] of come) {
    const [from, ...others] = gone.get(name) ?? [];
    const [to, ...more] = ids;
    const nodeId = from === undefined ? undefined : nodeOf.get(from);
    if (to === undefined || nodeId === undefined || others.length > 0 || more.length > 0) continue;
    result.push({ chartId: to, nodeId });
  }
  return result.filter(({ chartId }) => young.has(chartId) || !old.has(chartId));
}

/** What each box and group is called. */
function namesOf({ profile }: ReadChart): Map<string, string> {
  return new Map([
    ...profile.steps.map(({ chartId, name }): [string, string] => [chartId, `box ${name}`]),
    ...profile.groups.map(({ id, title, labelType }): [string, string] => [id, `group ${plainText(title, labelType)}`]),
  ]);
}

function byName(names: readonly (readonly [id: string, name: string])[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const [id, name] of names) ids.set(name, [...(ids.get(name) ?? []), id]);
  return ids;
}
