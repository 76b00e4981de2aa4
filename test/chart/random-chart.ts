import * as fc from 'fast-check';

const IDS = [
  'A',
  'b2',
  'x',
  'o',
  'v',
  '__proto__',
  'constructor',
  'toString',
  'node-1',
  'Größe',
  '設備',
  'endpoint',
  '7',
];
const ARROWS = ['-->', '---', '==>', '-.->', '--x', '--o', '<-->', 'o--o', 'x--x', '~~~', '---->', '-..->'];
const BRACKETS = ['[]', '()', '{}', '([])', '[[]]', '[()]', '(())', '{{}}', '>]', '((()))', '[/\\]'];

const word = fc.constantFrom(...IDS);
/** Without `=`, which in `<a b="` would begin an HTML attribute, whose quotes Mermaid does not take for the label's. */
const label = fc
  .string({ minLength: 1, maxLength: 12 })
  .map((text) => text.replace(/["`=\n\r]/g, '.').trim() || 'label');

export interface RandomArrow {
  readonly from: string;
  readonly arrow: string;
  readonly to: string;
}

/** A chart as text beside what was put into it. */
export interface RandomChart {
  readonly text: string;
  readonly ids: ReadonlySet<string>;
  readonly arrows: readonly RandomArrow[];
}

const box = fc.record({ id: word, label, brackets: fc.constantFrom(...BRACKETS) }).map(({ id, label, brackets }) => {
  const middle = brackets === '[/\\]' ? 2 : Math.ceil(brackets.length / 2);
  return { ids: [id], arrows: [], line: `${id}${brackets.slice(0, middle)}"${label}"${brackets.slice(middle)}` };
});
const arrow = fc
  .record({ from: word, arrow: fc.constantFrom(...ARROWS), to: word, label: fc.option(label, { nil: undefined }) })
  .map(({ from, arrow, to, label }) => {
    const text = label === undefined ? '' : `|"${label}"|`;
    return { ids: [from, to], arrows: [{ from, arrow, to }], line: `${from} ${arrow}${text} ${to}` };
  });
const comment = label.map((text) => ({ ids: [], arrows: [], line: `%% ${text.replaceAll('{', '')}` }));

/** Boxes, arrows and comments in any order, some of them in (nested) subgraphs. */
export const randomChart: fc.Arbitrary<RandomChart> = fc
  .record({
    direction: fc.constantFrom('TD', 'LR', 'BT', 'RL'),
    lines: fc.array(fc.oneof(box, arrow, arrow, comment), { maxLength: 30 }),
    brackets: fc.array(fc.nat(30), { maxLength: 4 }),
    separator: fc.constantFrom('\n', '\r\n', '\n\n  '),
  })
  .map(({ direction, lines, brackets, separator }) => {
    const texts = lines.map(({ line }) => line);
    for (const [index, at] of brackets.entries()) {
      const place = at % (texts.length + 1);
      texts.splice(place, 0, `subgraph group${index}["Group ${index}"]`);
      texts.push('end');
    }
    return {
      text: [`flowchart ${direction}`, ...texts, ''].join(separator),
      ids: new Set(lines.flatMap(({ ids }) => ids)),
      arrows: lines.flatMap(({ arrows }) => arrows),
    };
  });
