import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { choice, configNode, number, text } from '../../../src/spec/field.ts';
import { datatypeField } from '../../adapter/link-fields.ts';
import { topicField } from '../../adapter/side-fields.ts';
import { qosField } from '../quality.ts';

export const definition = define({
  type: 'chartwire-mqtt-request',
  version: 1,
  category: 'chartwire',
  label: 'mqtt request',
  summary: 'Asks over MQTT 5 and emits the answer.',
  color: colors.mqtt,
  inputs: 1,
  outputs: 1,
  labelledBy: ['topic'],
  inputLabel: 'question',
  outputLabels: ['answer'],
  fields: {
    link: configNode({
      label: 'Link',
      hint: 'The broker to ask through. Empty: the broker of this Chartwire.',
      nodeType: 'chartwire-mqtt-link',
    }),
    topic: topicField,
    responseTopic: text({
      label: 'Response topic',
      hint: 'Where answers come to. Empty: a topic of its own, below what the broker tells for that (Response Information).',
      problem: (value) => topicField.problem(value),
    }),
    qos: qosField('Of the question and of the answer.'),
    timeoutMs: number({
      label: 'Longest wait',
      hint: 'A question without an answer by then fails with ANSWER_MISSING.',
      default: 10_000,
      min: 1,
      max: 3_600_000,
      unit: 'ms',
    }),
    maxWaiting: number({
      label: 'Most open questions',
      hint: 'More fail with QUEUE_FULL.',
      default: 1_000,
      min: 1,
      max: 1_000_000,
      unit: 'questions',
    }),
    datatype: datatypeField,
    keep: choice({
      label: 'Emits',
      hint: 'The answer alone, or the message that asked with the payload of the answer.',
      default: 'question',
      options: { question: 'the message that asked, with the answer', answer: 'the answer' },
    }),
  },
  migrations: [],
});
