import type { Binding } from '../../../../src/chart/index.ts';
import type { FlowNode } from '../answer.ts';
import { isChartNode } from './flow-of-tab.ts';

/** So many steps of undo find the very text they had. */
const MOST = 30;

export interface Remembered {
  readonly text: string;
  readonly bindings: readonly Binding[];
}

/** Which text a flow had: undo gives back not only what the chart meant, but every letter of it. */
export class TextMemory {
  readonly #texts = new Map<string, Remembered>();

  remember(flow: readonly FlowNode[], text: string, bindings: readonly Binding[]): void {
    const key = keyOf(flow);
    this.#texts.delete(key);
    this.#texts.set(key, { text, bindings });
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MOST && oldest !== undefined) this.#texts.delete(oldest);
  }

  recall(flow: readonly FlowNode[]): Remembered | undefined {
    return this.#texts.get(keyOf(flow));
  }
}

/** All that a chart says of a flow: no places, and not the chart itself. */
export function keyOf(flow: readonly FlowNode[]): string {
  const said = flow.filter((node) => !isChartNode(node)).map(({ x: _x, y: _y, w: _w, h: _h, ...node }) => node);
  return JSON.stringify(said.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
}
