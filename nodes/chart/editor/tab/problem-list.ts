import type { ChartDiagnostic } from '../../../../src/chart/parse/span.ts';
import { element, icon } from '../element.ts';
import { word } from '../words.ts';
import type { CodeFix } from './code-editor.ts';

/** More would be no help. */
const MOST_SHOWN = 20;

interface ProblemEvents {
  readonly goTo: (diagnostic: ChartDiagnostic) => void;
  readonly fix: (fix: CodeFix) => void;
}

/** What is wrong with the chart, line by line, each with a way to the place and, where there is one, the change that mends it. */
export function problemList(
  diagnostics: readonly ChartDiagnostic[],
  fixes: readonly CodeFix[],
  { goTo, fix }: ProblemEvents,
): HTMLElement[] {
  const sorted = diagnostics.toSorted((a, b) => rank(a) - rank(b));
  const items = sorted.slice(0, MOST_SHOWN).map((diagnostic) => {
    const place = element(
      'button',
      { type: 'button', class: 'chartwire-tab-place' },
      icon(diagnostic.severity === 'error' ? 'times-circle' : 'exclamation-triangle'),
      word('problem.place', { line: diagnostic.line, column: diagnostic.column }),
    );
    place.addEventListener('click', () => goTo(diagnostic));
    const buttons = fixes
      .filter((one) => one.diagnostic === diagnostic)
      .map((one) => {
        const button = element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, one.label);
        button.addEventListener('click', () => fix(one));
        return button;
      });
    const said = `${diagnostic.message} ${word('problem.expected')}: ${diagnostic.expected}`;
    return element(
      'li',
      { class: `chartwire-tab-${diagnostic.severity}` },
      place,
      element('span', {}, said),
      ...buttons,
    );
  });
  const rest = sorted.length - items.length;
  return rest > 0 ? [...items, element('li', {}, `… ${word('problem.more', { count: rest })}`)] : items;
}

const rank = ({ severity }: ChartDiagnostic): number => (severity === 'error' ? 0 : 1);
