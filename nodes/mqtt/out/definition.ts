import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { choice, configNode } from '../../../src/spec/field.ts';
import { topicField } from '../../adapter/side-fields.ts';
import { qosOptions } from '../quality.ts';

export const definition = define({
  type: 'chartwire-mqtt-out',
  version: 1,
  category: 'chartwire',
  label: 'mqtt out',
  summary: 'Publishes messages to an MQTT broker; a message is done when the broker has taken it over.',
  color: colors.mqtt,
  inputs: 1,
  outputs: 0,
  fields: {
    link: configNode({
      label: 'Link',
      hint: 'The broker to publish at. Empty: the broker of this Chartwire.',
      nodeType: 'chartwire-mqtt-link',
    }),
    topic: topicField,
    qos: choice({
      label: 'QoS',
      hint: 'How the broker takes messages over.',
      default: 'message',
      options: { message: 'as msg.qos says, otherwise 1', ...qosOptions },
    }),
    retain: choice({
      label: 'Retain',
      hint: 'Whether the broker keeps the last message of a topic for those who subscribe later.',
      default: 'message',
      options: { message: 'as msg.retain says, otherwise no', yes: 'yes', no: 'no' },
    }),
  },
  migrations: [],
});
