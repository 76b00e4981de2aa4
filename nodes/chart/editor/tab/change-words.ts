import { isEmpty, type FlowChange } from '../sync/compare-flows.ts';
import { word } from '../words.ts';

/** What a change would do to the flow, for people. */
export function changeWords(change: FlowChange): string {
  if (isEmpty(change)) return word('tab.sameFlow');
  const parts = [
    ['tab.added', change.added.length],
    ['tab.removed', change.removed.length],
    ['tab.changed', change.changed.length],
    ['tab.wiresAdded', change.wiresAdded.length],
    ['tab.wiresRemoved', change.wiresRemoved.length],
  ] as const;
  const said = parts.filter(([, count]) => count > 0).map(([key, count]) => word(key, { count }));
  return `${word('tab.willChange')} ${said.join(', ') || word('tab.moves')}`;
}
