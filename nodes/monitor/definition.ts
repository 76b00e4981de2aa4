import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { number } from '../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-monitor',
  version: 1,
  category: 'chartwire',
  label: 'monitor',
  summary: 'Measures what each branch delivers: rate, latency, bytes and loss.',
  color: colors.monitor,
  inputs: 1,
  outputs: 2,
  outputLabels: ['messages', 'figures'],
  fields: {
    windowS: number({
      label: 'Window',
      hint: 'The figures are those of so many seconds up to now.',
      default: 10,
      min: 1,
      max: 3600,
      unit: 's',
    }),
    everyS: number({
      label: 'Report',
      hint: 'How often the figures leave by the second output.',
      default: 1,
      min: 1,
      max: 3600,
      unit: 's',
    }),
  },
  migrations: [],
});
