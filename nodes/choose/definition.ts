import { colors } from '../../src/spec/colors.ts';
import { policyProblem } from '../../src/choose/policy.ts';
import { define } from '../../src/spec/definition.ts';
import { json, rows } from '../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-choose',
  version: 1,
  category: 'chartwire',
  label: 'choose',
  summary: 'Sends each message over the protocol that suits its device best now, and says why.',
  color: colors.choose,
  inputs: 1,
  outputs: { rowsOf: 'branches', labelledBy: 'label' },
  inputLabel: 'messages with a device profile',
  fields: {
    branches: rows({
      label: 'Branches',
      hint: 'One output for each: the name on the chart and the protocol behind it.',
      default: [
        { label: 'MQTT', protocol: 'mqtt' },
        { label: 'HTTP', protocol: 'http2' },
        { label: 'WebSocket', protocol: 'websocket' },
      ],
      columns: {
        label: { label: 'Label' },
        protocol: {
          label: 'Protocol',
          options: { mqtt: 'MQTT', http2: 'HTTP/2', websocket: 'WebSocket', peer: 'Peer link' },
        },
      },
    }),
    policy: json({
      label: 'Policy',
      hint: 'Changes to the default policy, as JSON: {"latencyWeight": 5}. The help lists the fields.',
      default: '',
      problem: policyProblem,
    }),
  },
  migrations: [],
});
