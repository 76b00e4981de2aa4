import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { boolean, choice, json, number } from '../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-client',
  version: 1,
  category: 'chartwire',
  label: 'client',
  summary: 'Joins what arrives over several branches: decodes, validates and lets each message through once.',
  color: colors.client,
  inputs: 1,
  outputs: 1,
  inputLabel: 'from the branches',
  outputLabels: ['valid messages, once each'],
  fields: {
    validate: choice({
      label: 'Validate',
      hint: 'What a message must look like to go on.',
      default: 'reading',
      options: {
        reading: 'Readings of our devices',
        schema: 'My own JSON Schema',
        none: 'Nothing, every value is valid',
      },
    }),
    schema: json({
      label: 'JSON Schema',
      hint: 'Used when "My own JSON Schema" is chosen.',
      default: '',
      // Compiled when the node starts: the compiler is too large for the editor.
      problem: (value) => (typeof value === 'object' && value !== null ? undefined : 'must be a JSON object'),
    }),
    deduplicate: boolean({
      label: 'Let each message through once',
      hint: 'Drops what came before, by the user properties device, sequence and session. A message without them counts as new.',
      default: true,
    }),
    windowCount: number({
      label: 'Remember',
      hint: 'How many messages are remembered for that.',
      default: 10_000,
      min: 1,
      max: 1_000_000,
      unit: 'messages',
    }),
    windowAgeS: number({
      label: 'Forget after',
      hint: 'A message that comes again later than this counts as new.',
      default: 300,
      min: 1,
      max: 86_400,
      unit: 's',
    }),
  },
  migrations: [],
});
