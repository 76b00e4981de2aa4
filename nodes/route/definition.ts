import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { boolean, choice, number, rows, text } from '../../src/spec/field.ts';
import { VALUE_TYPES } from '../adapter/value-types.ts';

const { str, num, msg, flow, global, jsonata, env } = VALUE_TYPES;
const VALUES = { str, num, msg, flow, global, jsonata, env, prev: 'value before' } as const;

export const definition = define({
  type: 'chartwire-route',
  version: 1,
  category: 'chartwire',
  label: 'route',
  summary: 'Sends each message to the outputs whose rule fits it.',
  color: colors.route,
  inputs: 1,
  outputs: { rowsOf: 'rules', labelledBy: 'label' },
  fields: {
    property: text({
      label: 'Property',
      hint: 'What the rules look at: a path in the message or the context, JSONata, or the name of a variable.',
      default: 'payload',
      required: true,
    }),
    propertyType: choice({
      label: 'Property of',
      hint: 'Where the property stands.',
      default: 'msg',
      options: { msg: 'msg.', flow: 'flow.', global: 'global.', jsonata: 'JSONata', env: 'environment' },
    }),
    rules: rows({
      label: 'Rules',
      hint: 'One output for each, from top to bottom; numbers may carry a unit, as in 25 °C or 900 ppm.',
      default: [{ label: 'yes', t: 'eq', vt: 'str', v: '', v2t: 'str', v2: '', case: '' }],
      columns: {
        label: { label: 'Output', optional: true },
        t: {
          label: 'Rule',
          options: {
            eq: '==',
            neq: '!=',
            lt: '<',
            lte: '<=',
            gt: '>',
            gte: '>=',
            btwn: 'is between',
            cont: 'contains',
            regex: 'matches pattern',
            topic: 'fits topic filter',
            says: 'is what the words say',
            hask: 'has property',
            istype: 'is of type',
            true: 'is true',
            false: 'is false',
            null: 'is null',
            nnull: 'is not null',
            empty: 'is empty',
            nempty: 'is not empty',
            jsonata_exp: 'JSONata is true',
            head: 'is among the first',
            tail: 'is among the last',
            index: 'has place from … to',
            else: 'otherwise',
          },
        },
        vt: { label: 'Value is', options: { ...VALUES, ...typeNames() }, optional: true },
        v: { label: 'Value', optional: true },
        v2t: { label: 'Second is', options: VALUES, optional: true },
        v2: { label: 'and', optional: true },
        case: { label: 'Case', options: { '': 'counts', true: 'ignored' }, optional: true },
      },
    }),
    checkall: choice({
      label: 'Send to',
      hint: 'Whether later rules are still looked at when one fits.',
      default: 'true',
      options: { true: 'every output that fits', false: 'the first that fits' },
    }),
    repair: boolean({
      label: 'New sequences',
      hint: 'What leaves at each output becomes a sequence of its own (msg.parts), once all of the old one is there.',
      default: false,
    }),
    maxHeld: number({
      label: 'Most held',
      hint: 'Messages of sequences that are not complete; with one more they are all given up.',
      default: 10_000,
      min: 1,
      max: 1_000_000,
      unit: 'messages',
    }),
  },
  migrations: [],
});

/** With `is of type` the core node keeps the name of the type in both places. */
function typeNames(): Record<string, string> {
  const names = ['string', 'number', 'boolean', 'array', 'buffer', 'object', 'json', 'undefined', 'null'];
  return Object.fromEntries(names.map((name) => [name, `type ${name}`]));
}
