import { colors } from '../../../src/spec/colors.ts';
import { topicFilterProblem } from '../../../src/broker/topic.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean, choice, configNode, text } from '../../../src/spec/field.ts';
import { datatypeField } from '../../adapter/link-fields.ts';
import { qosField } from '../quality.ts';

export const definition = define({
  type: 'chartwire-mqtt-in',
  version: 1,
  category: 'chartwire',
  label: 'mqtt in',
  summary: 'Subscribes to an MQTT topic filter and emits what is published there.',
  color: colors.mqtt,
  inputs: 0,
  outputs: 1,
  fields: {
    link: configNode({
      label: 'Link',
      hint: 'The broker to subscribe at. Empty: the broker of this Chartwire.',
      nodeType: 'chartwire-mqtt-link',
    }),
    topic: text({
      label: 'Topic filter',
      hint: 'What to subscribe to; + stands for one level and # for all that follow.',
      required: true,
      problem: topicFilterProblem,
    }),
    qos: qosField('The most the broker may use for messages to us.'),
    datatype: datatypeField,
    nl: boolean({
      label: 'Not our own',
      hint: 'Leaves out what this same connection published (No Local).',
      default: false,
    }),
    rh: choice({
      label: 'Retained messages',
      hint: 'When the broker sends the last message it kept for a topic (Retain Handling).',
      default: '0',
      options: { '0': 'at every connect', '1': 'for a new subscription only', '2': 'never' },
    }),
  },
  migrations: [],
});
