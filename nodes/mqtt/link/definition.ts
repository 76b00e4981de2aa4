import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { number, secret, text } from '../../../src/spec/field.ts';
import { limitFields, reconnectFields, trustFields, urlField } from '../../adapter/link-fields.ts';

export const definition = define({
  type: 'chartwire-mqtt-link',
  version: 1,
  category: 'config',
  label: 'mqtt link',
  summary: 'How to reach an MQTT 5 broker, over TLS.',
  color: colors.mqtt,
  inputs: 0,
  outputs: 0,
  fields: {
    url: urlField('mqtts', 'mqtts://broker.example:8883'),
    ...trustFields,
    username: secret({ label: 'User', hint: 'Name the broker knows us by, when it asks for one.' }),
    password: secret({ label: 'Password', hint: 'Password of that user.' }),
    clientId: text({
      label: 'Client id',
      hint: 'How our client ids begin; each connection adds eight characters of its own. Empty: random.',
      problem: (value) => (/^[\w.:@-]{1,200}$/.test(value) ? undefined : 'must be letters, digits and . : @ _ - only'),
    }),
    sessionExpirySeconds: number({
      label: 'Session kept',
      hint: 'How long the broker keeps what we missed while away; needs a client id. 0: not at all.',
      default: 0,
      min: 0,
      max: 4_294_967_295,
      unit: 's',
    }),
    ...limitFields,
    ...reconnectFields,
  },
  migrations: [],
});
