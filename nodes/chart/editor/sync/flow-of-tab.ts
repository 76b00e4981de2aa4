import type { EditorNode } from '../../../../types/node-red-editor.d.ts';
import type { FlowNode } from '../answer.ts';

const TYPE = 'chartwire-chart';

export const isChartNode = ({ type }: Pick<FlowNode, 'type'>): boolean => type === TYPE;

/** The tab itself and everything on it, as the flow file holds it; without secrets. */
export function flowOfTab(tab: string): FlowNode[] {
  return RED.nodes.createCompleteNodeSet({ credentials: false }).filter(({ id, z }) => id === tab || z === tab);
}

/** The node that holds the chart of a tab. */
export function chartNodeOf(tab: string): EditorNode | undefined {
  let found: EditorNode | undefined;
  RED.nodes.eachConfig((node) => {
    if (node.type === TYPE && node.z === tab) found ??= node;
  });
  return found;
}
