import type { ChartProfile } from './profile/step.ts';
import type { SubflowOut } from './profile/subflows.ts';

/** Where the ports are drawn, in pixels of the canvas: the input at the left, the outputs below each other at the right. */
const PORT = 40;
const COLUMN = 240;
const MOST_COLUMNS = 6;

/**
 * The input and the outputs of a subflow as Node-RED keeps them. Their places follow from the number of boxes in it, not from where
 * those are: boxes may be laid out anew, and the ports are part of what the chart says.
 */
export function subflowPorts(
  { subflows, steps }: ChartProfile,
  id: string,
  idOf: (chartId: string) => string,
  boxes: number,
): object {
  const { ins = [], outs = [] } = subflows.get(id) ?? {};
  const right = PORT + COLUMN * Math.min(MOST_COLUMNS, boxes + 1);
  const byId = new Map(steps.map((step) => [step.chartId, step]));
  const portOf = ({ from, label }: SubflowOut): number => {
    const step = byId.get(from);
    const port = step?.labelled === true ? step.outputs.findIndex((output) => output.label === label) : 0;
    return Math.max(0, port);
  };
  return {
    in: ins.length === 0 ? [] : [{ x: PORT, y: PORT, wires: ins.map((to) => ({ id: idOf(to) })) }],
    out: outs.map((out, index) => {
      return { x: right, y: PORT * (index + 1), wires: [{ id: idOf(out.from), port: portOf(out) }] };
    }),
  };
}
