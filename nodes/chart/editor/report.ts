import type { Answer, Diagnostic } from './answer.ts';
import { boxTable } from './box-table.ts';
import type { Checked, CheckedChart } from './check.ts';
import type { FoundChart } from '../../../src/chart/charts-in-text.ts';
import { element, icon } from './element.ts';
import { word } from './words.ts';

/** A place in the text of the dialog, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What the check found, as elements: all chart text in it is text, never markup. */
export function report(text: string, { charts, others }: Checked, goTo: (place: Place) => void): HTMLElement {
  const several = charts.length > 1;
  const wrong = charts.some(({ answer }) => answer.kind !== 'flow');
  const parts = charts
    .filter(({ answer }) => !wrong || answer.kind !== 'flow')
    .map((checked) => partOf(text, checked, several, goTo));
  const notes = [
    ...(several ? [word('check.charts', { count: charts.length })] : []),
    ...(others > 0 ? [word('check.other', { count: others })] : []),
  ];
  const head = notes.length === 0 ? [] : [element('p', { class: 'chartwire-chart-note' }, notes.join(' · '))];
  return element('div', {}, ...head, ...parts);
}

function partOf(
  text: string,
  { chart, name, answer }: CheckedChart,
  several: boolean,
  goTo: (place: Place) => void,
): HTMLElement {
  const title = several ? [element('strong', { class: 'chartwire-chart-name' }, name)] : [];
  switch (answer.kind) {
    case 'flow':
      return element(
        'div',
        {},
        summary(title, answer),
        boxTable(answer),
        ...warningList(inText(answer.warnings, chart)),
      );
    case 'wrong':
      return element('div', {}, ...title, problem(text, inText(answer.diagnostics, chart), goTo));
    case 'failed':
      return element('div', {}, ...title, element('div', { class: 'chartwire-chart-problem' }, answer.reason));
  }
}

/** Places count from the start of the text of the dialog, not of the fence. */
const inText = (diagnostics: readonly Diagnostic[], { linesBefore, columnsBefore }: FoundChart): Diagnostic[] =>
  diagnostics.map((one) => ({ ...one, line: one.line + linesBefore, column: one.column + columnsBefore }));

function summary(title: HTMLElement[], { boxes, arrows }: Extract<Answer, { kind: 'flow' }>): HTMLElement {
  const counts = `${word('check.boxes', { count: boxes.length })}, ${word('check.arrows', { count: arrows })}`;
  return element(
    'p',
    { class: 'chartwire-chart-summary' },
    icon('check-circle'),
    ...title,
    element('span', {}, counts),
  );
}

/** Warnings shown before the rest is only counted. */
const WARNINGS_SHOWN = 3;

function warningList(warnings: readonly Diagnostic[]): HTMLElement[] {
  if (warnings.length === 0) return [];
  const items = warnings
    .slice(0, WARNINGS_SHOWN)
    .map(({ line, column, message }) => element('li', {}, `${word('problem.place', { line, column })}: ${message}`));
  const rest = warnings.length - items.length;
  const more = rest > 0 ? [element('li', {}, `… ${word('problem.more', { count: rest })}`)] : [];
  return [element('ul', { class: 'chartwire-chart-warnings' }, ...items, ...more)];
}

function problem(text: string, diagnostics: readonly Diagnostic[], goTo: (place: Place) => void): HTMLElement {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return element('div', { class: 'chartwire-chart-problem' }, word('problem.failed'));
  const { line, column, expected, message } = first;
  const show = element('button', { type: 'button', class: 'red-ui-button red-ui-button-small' }, word('problem.show'));
  show.addEventListener('click', () => goTo({ line, column }));
  const place = element('strong', {}, word('problem.place', { line, column }));
  const more = errors.length > 1 ? [element('p', {}, `… ${word('problem.more', { count: errors.length - 1 })}`)] : [];
  return element(
    'div',
    { class: 'chartwire-chart-problem' },
    element('p', {}, icon('exclamation-triangle'), place, ` — ${word('problem.expected')} ${expected}`, show),
    element('p', {}, message),
    excerpt(text, first),
    ...more,
    element('p', { class: 'chartwire-chart-note' }, word('problem.untouched')),
  );
}

/** Characters shown at most on either side of the place. */
const EXCERPT_SIDE = 40;

/** The line itself, and a caret below the place. */
function excerpt(text: string, { line, column }: Place): HTMLElement {
  const whole = (text.split('\n')[line - 1] ?? '').replaceAll('\t', ' ').replace(/\r$/, '');
  const from = Math.max(0, column - 1 - EXCERPT_SIDE);
  const shown = `${from > 0 ? '…' : ''}${whole.slice(from, column - 1 + EXCERPT_SIDE)}`;
  const caret = `${' '.repeat(column - 1 - from + (from > 0 ? 1 : 0))}^`;
  return element(
    'pre',
    { 'aria-label': whole },
    `${shown}\n`,
    element('span', { class: 'chartwire-chart-caret' }, caret),
  );
}
