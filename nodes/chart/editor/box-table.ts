import type { Answer, ExplainedBox } from './answer.ts';
import { element } from './element.ts';
import { word } from './words.ts';

/** What each box of a chart becomes, and why. */
export function boxTable({ flow, boxes }: Extract<Answer, { kind: 'flow' }>): HTMLElement {
  const names = new Map(flow.map(({ id, name }) => [id, name]));
  const heads = ['check.box', 'check.node', 'check.why'].map((key) => element('th', { scope: 'col' }, word(key)));
  const rows = boxes.map((box) =>
    element(
      'tr',
      {},
      element('td', {}, names.get(box.nodeId) || box.chartId),
      element('td', {}, nodeChip(box)),
      element('td', { class: 'chartwire-chart-note' }, box.why),
    ),
  );
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...rows));
  // Focusable, so that the keyboard can scroll it.
  const labelled = { tabindex: '0', role: 'region', 'aria-label': word('check.table') };
  return element('div', { class: 'chartwire-chart-boxes', ...labelled }, table);
}

/** The node as the palette shows it. */
function nodeChip({ type }: ExplainedBox): HTMLElement {
  const known = RED.nodes.getType(type);
  const label = typeof known?.paletteLabel === 'string' ? known.paletteLabel : type;
  const chip = element('span', { class: 'chartwire-chart-chip', title: type }, label);
  if (known?.color !== undefined) chip.style.background = known.color;
  return chip;
}
