import { chartToFlow, type ChartFlow, type ToFlowOptions } from '../../src/chart/to-flow.ts';
import type { Complete } from '../../src/chart/chart-of-flow.ts';
import { completeNode } from '../../src/spec/complete.ts';
import { loadCatalogue } from '../catalogue.ts';

/** The flow of a chart, every node of ours with all its settings: what the editor imports and the commands print. */
export async function flowOfChart(text: string, options?: ToFlowOptions): Promise<ChartFlow> {
  const [made, complete] = await Promise.all([chartToFlow(text, options), completion()]);
  // A flow that was written down whole is given back as it was.
  const whole = made.flow.every(({ type }) => type !== 'chartwire-chart');
  return whole ? made : { ...made, flow: made.flow.map(complete) };
}

/** Gives nodes of ours all their settings. */
export async function completion(): Promise<Complete> {
  const definitions = new Map((await loadCatalogue()).map(({ definition }) => [definition.type as string, definition]));
  return (node) => {
    const definition = definitions.get(node.type);
    return definition === undefined ? node : completeNode(definition, node);
  };
}
