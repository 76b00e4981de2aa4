import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { number, rows, text } from '../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-script',
  version: 1,
  category: 'chartwire',
  label: 'script',
  summary: 'Runs JavaScript for each message, compiled once and called directly.',
  color: colors.script,
  inputs: 1,
  outputs: 1,
  modulesIn: 'libs',
  fields: {
    func: text({
      label: 'On message',
      hint: 'JavaScript with msg, node, context, flow, global, env and RED.util; what it returns is sent.',
      default: 'return msg;',
      code: true,
    }),
    outputs: number({
      label: 'Outputs',
      hint: 'How many outputs the node has; return a list with an entry for each.',
      default: 1,
      min: 0,
      max: 64,
      unit: 'outputs',
    }),
    initialize: text({
      label: 'On start',
      hint: 'JavaScript that runs once before the first message; with await, messages wait for its end.',
      default: '',
      code: true,
    }),
    finalize: text({
      label: 'On stop',
      hint: 'JavaScript that runs once when the node is stopped.',
      default: '',
      code: true,
    }),
    libs: rows({
      label: 'Modules',
      hint: 'Modules the code uses, by the names it knows them by; Node-RED installs them, where settings.ts allows it.',
      columns: { var: { label: 'Name' }, module: { label: 'Module' } },
    }),
    timeout: number({
      label: 'Time limit',
      hint: 'How long one message may keep the script busy; 0 sets no limit and is fastest.',
      default: 0,
      min: 0,
      max: 3600,
      unit: 's',
      integer: false,
    }),
  },
  migrations: [],
});
