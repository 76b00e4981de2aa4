import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { choice, configNode, number, rows, text } from '../../../src/spec/field.ts';
import { topicField } from '../../adapter/side-fields.ts';
import { qosOptions } from '../quality.ts';
import { TOPICS } from '../topics.ts';

export const definition = define({
  type: 'chartwire-mqtt-out',
  version: 2,
  category: 'chartwire',
  label: 'mqtt out',
  summary: 'Publishes messages to an MQTT broker; a message is done when the broker has taken it over.',
  color: colors.mqtt,
  inputs: 1,
  outputs: 0,
  labelledBy: ['topic'],
  fields: {
    link: configNode({
      label: 'Link',
      hint: 'The broker to publish at. Empty: the broker of this Chartwire.',
      nodeType: 'chartwire-mqtt-link',
    }),
    topic: { ...topicField, completedBy: TOPICS },
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
    contentType: text({
      label: 'Content type',
      hint: 'Media type of every payload (MQTT 5). Empty: msg.contentType, and for an object application/json.',
    }),
    userProps: rows({
      label: 'User properties',
      hint: 'Sent with every message (MQTT 5). None: msg.userProperties.',
      columns: { name: { label: 'Name' }, value: { label: 'Value' } },
    }),
    respTopic: text({
      label: 'Response topic',
      hint: 'Where answers go (MQTT 5). Empty: msg.responseTopic.',
      problem: (value) => topicField.problem(value),
    }),
    correl: text({
      label: 'Correlation data',
      hint: 'What an answer has to repeat (MQTT 5). Empty: msg.correlationData.',
    }),
    expiry: number({
      label: 'Expiry',
      hint: 'After this the broker gives the message to nobody any more (MQTT 5). 0: as msg.messageExpiryInterval says.',
      default: 0,
      min: 0,
      max: 4_294_967_295,
      unit: 's',
    }),
  },
  // What is new has defaults that change nothing.
  migrations: [{ to: 2, up: (settings) => settings }],
});
