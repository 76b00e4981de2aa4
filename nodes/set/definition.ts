import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { rows } from '../../src/spec/field.ts';
import { VALUE_TYPES } from '../adapter/value-types.ts';

const PLACES = { msg: 'msg.', flow: 'flow.', global: 'global.' } as const;

export const definition = define({
  type: 'chartwire-set',
  version: 1,
  category: 'chartwire',
  label: 'set',
  summary: 'Sets, replaces, moves and takes away properties of the message and of the context.',
  color: colors.set,
  inputs: 1,
  outputs: 1,
  fields: {
    rules: rows({
      label: 'Rules',
      hint: 'What is done to each message, from top to bottom; names and meaning are those of the core node change.',
      default: [{ t: 'set', pt: 'msg', p: 'payload', fromt: 'str', from: '', tot: 'str', to: '', dc: '' }],
      columns: {
        t: { label: 'Do', options: { set: 'set', change: 'replace', delete: 'delete', move: 'move' } },
        pt: { label: 'In', options: PLACES, optional: true },
        p: { label: 'Property' },
        fromt: {
          label: 'Search for a',
          options: {
            str: 'text',
            num: 'number',
            bool: 'true or false',
            re: 'pattern',
            msg: 'msg.',
            flow: 'flow.',
            global: 'global.',
            env: 'environment',
          },
          optional: true,
        },
        from: { label: 'Search', optional: true },
        tot: { label: 'To a', options: VALUE_TYPES, optional: true },
        to: { label: 'To', optional: true },
        dc: { label: 'As a copy', options: { '': 'itself', true: 'a copy' }, optional: true },
      },
    }),
  },
  migrations: [],
});
