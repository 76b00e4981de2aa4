import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { rows, text } from '../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-chart',
  version: 1,
  category: 'config',
  standsAlone: true,
  label: 'chart',
  summary: 'The Mermaid text a tab was made from, kept to the letter, and which box became which node.',
  color: colors.chart,
  inputs: 0,
  outputs: 0,
  fields: {
    text: text({ label: 'Chart', hint: 'Mermaid flowchart, exactly as it was imported.', multiline: true }),
    bindings: rows({
      label: 'Bindings',
      hint: 'Which box of the chart stands as which node of the flow.',
      max: 100_000,
      columns: { chartId: { label: 'Box' }, nodeId: { label: 'Node' } },
    }),
  },
  migrations: [],
});
