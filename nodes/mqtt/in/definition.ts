import { colors } from '../../../src/spec/colors.ts';
import { topicFilterProblem } from '../../../src/broker/topic.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean, choice, configNode, text } from '../../../src/spec/field.ts';
import { datatypeField } from '../../adapter/link-fields.ts';
import { qosField } from '../quality.ts';
import { TOPICS } from '../topics.ts';

export const definition = define({
  type: 'chartwire-mqtt-in',
  version: 2,
  category: 'chartwire',
  label: 'mqtt in',
  summary: 'Subscribes to an MQTT topic filter and emits what is published there.',
  color: colors.mqtt,
  inputs: { whileAny: { topicType: 'dynamic', acknowledge: 'message' } },
  outputs: 1,
  labelledBy: ['topic'],
  inputLabel: 'what to do',
  fields: {
    link: configNode({
      label: 'Link',
      hint: 'The broker to subscribe at. Empty: the broker of this Chartwire.',
      nodeType: 'chartwire-mqtt-link',
    }),
    topicType: choice({
      label: 'Subscribe to',
      hint: 'One topic filter, or what messages to this node say.',
      default: 'static',
      options: { static: 'one topic filter', dynamic: 'as messages say' },
    }),
    topic: text({
      label: 'Topic filter',
      hint: 'What to subscribe to; + stands for one level and # for all that follow; $share/group/filter shares it with others.',
      completedBy: TOPICS,
      problem: topicFilterProblem,
    }),
    qos: qosField('The most the broker may use for messages to us.'),
    datatype: datatypeField,
    acknowledge: choice({
      label: 'Acknowledged',
      hint: 'When the broker is told that a message of QoS 1 or 2 was taken over; until then it keeps it.',
      default: 'taken',
      options: {
        taken: 'when this flow has it',
        message: 'when it comes back with action "acknowledge"',
      },
    }),
    nl: boolean({
      label: 'Not our own',
      hint: 'Leaves out what this same connection published (No Local).',
      default: false,
    }),
    rap: boolean({
      label: 'Retain as published',
      hint: 'msg.retain says how the message was published; otherwise, whether it was kept from before.',
      default: false,
    }),
    rh: choice({
      label: 'Retained messages',
      hint: 'When the broker sends the last message it kept for a topic (Retain Handling).',
      default: '0',
      options: { '0': 'at every connect', '1': 'for a new subscription only', '2': 'never' },
    }),
  },
  // What is new has defaults that change nothing.
  migrations: [{ to: 2, up: (settings) => settings }],
});
