import { colors } from '../../src/spec/colors.ts';
import { define } from '../../src/spec/definition.ts';
import { choice } from '../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-broker',
  version: 1,
  category: 'chartwire',
  label: 'broker',
  summary: 'Tells what happens at the MQTT broker of this Chartwire, publishes as the broker, and ends connections.',
  color: colors.mqtt,
  inputs: 1,
  outputs: 1,
  outputLabels: ['events'],
  fields: {
    events: choice({
      label: 'Events',
      hint: 'What leaves by the output.',
      default: 'all',
      options: {
        all: 'Everything',
        clients: 'Clients that come and go',
        subscriptions: 'Subscriptions',
        problems: 'What was refused, and slow clients',
      },
    }),
  },
  migrations: [],
});
