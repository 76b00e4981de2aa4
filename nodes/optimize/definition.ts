import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { boolean, number, text } from '../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-optimize',
  version: 1,
  category: 'chartwire',
  label: 'optimize',
  summary:
    'Compares the branches, proposes a better choice policy, tries it when allowed, and keeps only what proved better.',
  color: colors.optimize,
  inputs: 1,
  outputs: 1,
  outputLabels: ['proposals and results'],
  align: 'right',
  button: { label: 'Try what is proposed' },
  fields: {
    apply: boolean({
      label: 'Apply by itself',
      hint: 'Off: it only proposes, and the button applies. On: it tries a change, measures, and takes it back unless it was better.',
      default: false,
    }),
    choose: text({
      label: 'Choose node',
      hint: 'Id of the choose node whose policy is tuned. Empty: the only one there is.',
      default: '',
    }),
    minSamples: number({
      label: 'Evidence',
      hint: 'Messages each branch must have carried before it counts.',
      default: 200,
      min: 10,
      max: 1_000_000,
      unit: 'messages',
    }),
    windowS: number({
      label: 'Window',
      hint: 'Shortest time measured before and after a change.',
      default: 30,
      min: 5,
      max: 3600,
      unit: 's',
    }),
  },
  migrations: [],
});
