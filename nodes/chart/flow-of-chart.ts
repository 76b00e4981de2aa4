import { chartToFlow, type ChartFlow, type ToFlowOptions } from '../../src/chart/to-flow.ts';
import { completeNode } from '../../src/spec/complete.ts';
import { loadCatalogue } from '../catalogue.ts';

/** The flow of a chart, every node of ours with all its settings: what the editor imports and the commands print. */
export async function flowOfChart(text: string, options?: ToFlowOptions): Promise<ChartFlow> {
  const made = await chartToFlow(text, options);
  const definitions = new Map((await loadCatalogue()).map(({ definition }) => [definition.type as string, definition]));
  const flow = made.flow.map((node) => {
    const definition = definitions.get(node.type);
    return definition === undefined ? node : completeNode(definition, node);
  });
  return { ...made, flow };
}
