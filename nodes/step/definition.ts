import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { boolean, number, text } from '../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-step',
  version: 1,
  category: 'chartwire',
  label: 'step',
  summary: 'A box of the chart that has no work of its own yet: passes each message on and counts it.',
  color: colors.step,
  inputs: 1,
  outputs: 1,
  button: { label: 'Send a test message', atEntry: true },
  fields: {
    test: boolean({
      label: 'Send a test message at start',
      hint: 'For a box without incoming wires: one message goes out when the flow starts, so that the chart can be seen working.',
      default: false,
    }),
    payload: text({
      label: 'Test payload',
      hint: 'What the test message holds: JSON when it reads as JSON, else text.',
      default: '',
    }),
    guard: boolean({
      label: 'Loop guard',
      hint: 'Drops a message that has been here before, so that a circle in the chart does not run forever.',
      default: false,
    }),
    once: number({
      label: 'Pass each message once',
      hint: 'Drops copies of so many messages seen last: where ways part and meet again and again, copies multiply. 0 passes every copy.',
      unit: 'messages',
      default: 0,
      min: 0,
      max: 100_000,
    }),
    keepAs: text({
      label: 'Keep payload as',
      hint: 'A name in the context of the flow, where the payload of the last message is kept. Empty: it is not kept.',
      default: '',
    }),
    control: boolean({
      label: 'Keeps control',
      hint: 'A message with action "control" is kept, not sent on; all others get its payload as msg.control. The payloads pause, resume, stop and start are commands.',
      default: false,
    }),
    maxWaiting: number({
      label: 'Most waiting',
      hint: 'While it is paused; more fail with QUEUE_FULL.',
      unit: 'messages',
      default: 1000,
      min: 1,
      max: 1_000_000,
    }),
  },
  migrations: [],
});
