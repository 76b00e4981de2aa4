import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean, choice, number, rows, secret, text } from '../../../src/spec/field.ts';
import { limitFields, reconnectFields, trustFields, urlProblem } from '../../adapter/link-fields.ts';
import { announcementFields } from './announcement-fields.ts';

/** In place of an address: the broker of the controller, on an edge host and on the controller itself. */
export const FLEET = 'fleet';

const SCHEMES = ['mqtts', 'mqtt', 'wss', 'ws'];

export const definition = define({
  type: 'chartwire-mqtt-link',
  version: 2,
  category: 'config',
  label: 'mqtt link',
  summary: 'How to reach an MQTT broker: 3.1, 3.1.1 or 5, over TCP, TLS or WebSocket.',
  color: colors.mqtt,
  inputs: 0,
  outputs: 0,
  labelledBy: ['url'],
  fields: {
    url: text({
      label: 'Address',
      hint: 'Where the broker is: mqtts://broker.example:8883, wss://broker.example/mqtt; mqtt:// and ws:// are not encrypted. Empty: the broker of this Chartwire; "fleet": that of the controller, on its edge hosts too.',
      problem: (value) => {
        if (value === FLEET) return undefined;
        const problems = SCHEMES.map((scheme) => urlProblem(value, scheme));
        return problems.includes(undefined)
          ? undefined
          : (problems.find((problem) => problem?.startsWith('must not')) ?? problems[0]);
      },
    }),
    autoConnect: boolean({
      label: 'Connect by itself',
      hint: 'Off: the connection opens when a message with action "connect" comes to an mqtt in or out node.',
      default: true,
    }),
    protocolVersion: choice({
      label: 'Protocol',
      hint: 'The version of MQTT to speak.',
      default: '5',
      options: { '5': 'MQTT 5', '4': 'MQTT 3.1.1', '3': 'MQTT 3.1' },
    }),
    ...trustFields,
    proxy: text({
      label: 'Proxy',
      hint: 'Address of an HTTP proxy to go through, or "none". Empty: as the environment says (wss_proxy, https_proxy, mqtts_proxy, all_proxy, no_proxy).',
      problem: (value) =>
        value === 'none' || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))
          ? undefined
          : 'must be "none" or an address like http://proxy.example:3128',
    }),
    username: secret({ label: 'User', hint: 'Name the broker knows us by, when it asks for one.' }),
    password: secret({ label: 'Password', hint: 'Password of that user.' }),
    authenticationMethod: text({
      label: 'Authentication method',
      hint: 'Of an enhanced authentication the broker has agreed to (MQTT 5).',
    }),
    authenticationData: secret({
      label: 'Authentication data',
      hint: 'What is said with that method, as text.',
    }),
    clientId: text({
      label: 'Client id',
      hint: 'How the broker knows this connection. Empty: random.',
      problem: (value) => (/^[\w.:@-]{1,200}$/.test(value) ? undefined : 'must be letters, digits and . : @ _ - only'),
    }),
    cleansession: boolean({
      label: 'Start afresh',
      hint: 'At a deploy the broker forgets what it kept for this client id (clean start, clean session).',
      default: true,
    }),
    sessionExpirySeconds: number({
      label: 'Session kept',
      hint: 'How long the broker keeps what we missed while away; needs a client id. 0: not at all.',
      default: 0,
      min: 0,
      max: 4_294_967_295,
      unit: 's',
    }),
    autoUnsubscribe: boolean({
      label: 'Unsubscribe',
      hint: 'A node that is closed ends its subscription also where the session is kept.',
      default: false,
    }),
    followRedirects: boolean({
      label: 'Follow the broker',
      hint: 'Goes to another server when the broker says so (Server Reference, MQTT 5).',
      default: false,
    }),
    receiveMaximum: number({
      label: 'Receive maximum',
      hint: 'Messages of QoS 1 and 2 the broker may send before we acknowledge one (MQTT 5). 0: as many as may be under way.',
      default: 0,
      min: 0,
      max: 65_535,
      unit: 'messages',
    }),
    maximumPacketSize: number({
      label: 'Largest packet',
      hint: 'The broker may send no larger one (MQTT 5). 0: the largest payload and 64 KiB.',
      default: 0,
      min: 0,
      max: 268_435_455,
      unit: 'bytes',
    }),
    topicAliasMaximum: number({
      label: 'Topic aliases taken',
      hint: 'How many topics the broker may shorten to a number (MQTT 5).',
      default: 32,
      min: 0,
      max: 65_535,
      unit: 'topics',
    }),
    useTopicAliases: boolean({
      label: 'Topic aliases used',
      hint: 'Shortens topics we publish to again and again, as far as the broker allows (MQTT 5).',
      default: true,
    }),
    userProps: rows({
      label: 'User properties',
      hint: 'Sent with each connect (MQTT 5).',
      columns: { name: { label: 'Name' }, value: { label: 'Value' } },
    }),
    ...announcementFields,
    ...limitFields,
    ...reconnectFields,
  },
  migrations: [
    {
      to: 2,
      // A session was kept exactly when it had a time to be kept for.
      up: (settings) => ({ ...settings, cleansession: !(Number(settings['sessionExpirySeconds'] ?? 0) > 0) }),
    },
  ],
});
