import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { configNode } from '../../../src/spec/field.ts';
import { qosField } from '../quality.ts';

export const definition = define({
  type: 'chartwire-mqtt-carry',
  version: 1,
  category: 'chartwire',
  label: 'mqtt carry',
  summary: 'Carries messages over MQTT: publishes what comes in, subscribes to it at the other end and passes it on.',
  color: colors.mqtt,
  inputs: 1,
  outputs: 1,
  inputLabel: 'to publish',
  outputLabels: ['what arrived'],
  fields: {
    link: configNode({
      label: 'Link',
      hint: 'The broker to carry over. Empty: the broker of this Chartwire.',
      nodeType: 'chartwire-mqtt-link',
    }),
    qos: qosField('Of both ways: how the broker takes messages over, and how it hands them on.'),
  },
  migrations: [],
});
