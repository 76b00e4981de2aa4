import type { Conflict } from '../../../../src/chart/index.ts';
import { element } from '../element.ts';
import { word } from '../words.ts';
import type { Side } from './decide.ts';

let forms = 0;

/** Each conflict with both sides beside each other and a choice; `decide` gets one side for each, in order. */
export function conflictForm(conflicts: readonly Conflict[], decide: (sides: readonly Side[]) => void): HTMLElement {
  forms += 1;
  const sides: Side[] = conflicts.map(() => 'chart');
  const items = conflicts.map((conflict, at) => {
    const choice = (side: Side): HTMLElement => {
      const name = `chartwire-conflict-${forms}-${at}`;
      const radio = element('input', { type: 'radio', name, value: side, checked: side === 'chart' });
      radio.addEventListener('change', () => {
        sides[at] = side;
      });
      return element('label', {}, radio, word(`tab.side.${side}`), element('pre', {}, shown(conflict, conflict[side])));
    };
    const title = titleOf(conflict);
    return element(
      'div',
      { class: 'chartwire-tab-conflict', role: 'radiogroup', 'aria-label': title },
      element('strong', {}, title),
      element('div', { class: 'chartwire-tab-sides' }, choice('chart'), choice('flow')),
    );
  });
  const button = element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, word('tab.settle'));
  button.addEventListener('click', () => decide(sides));
  return element('div', {}, ...items, element('div', { class: 'chartwire-tab-conflict' }, button));
}

function titleOf({ nodeId, chartId, property }: Conflict): string {
  const box = chartId ?? nodeId;
  return property === undefined ? box : `${box}: ${property}`;
}

function shown({ property }: Conflict, value: unknown): string {
  if (property === undefined) return word(value === undefined ? 'tab.taken' : 'tab.kept');
  if (value === undefined || value === '') return word('tab.nothingThere');
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 1);
}
