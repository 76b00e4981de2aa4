import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { configNode } from '../../src/spec/field.ts';

/** Of a node that carries messages between Chartwires over links of a set; `over` is what the set is called in a sentence. */
export const carryDefinition = (set: 'http2' | 'peer' | 'websocket', over: string) =>
  define({
    type: `chartwire-${set}-carry`,
    version: 1,
    category: 'chartwire',
    label: `${set} carry`,
    summary: `Carries messages over ${over}: sends what comes in, and passes on what arrives at the other end.`,
    color: colors[set],
    inputs: 1,
    outputs: 1,
    inputLabel: 'to send',
    outputLabels: ['what arrived'],
    fields: {
      link: configNode({
        label: 'Link',
        hint: 'Another far side to send to; what it sends comes out. Empty: carries from this Chartwire to itself.',
        nodeType: `chartwire-${set}-link`,
      }),
    },
    migrations: [],
  });
