import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { choice, configNode, rows, secret, text } from '../../../src/spec/field.ts';
import { limitFields, pathField, reconnectFields, trustFields, urlProblem } from '../../adapter/link-fields.ts';
import { coreClient } from '../core-names.ts';
import { compressionFields, pingField } from '../shared-fields.ts';

export const definition = define({
  type: 'chartwire-websocket-link',
  version: 2,
  category: 'config',
  label: 'websocket link',
  summary: 'How to reach a WebSocket.',
  color: colors.websocket,
  inputs: 0,
  outputs: 0,
  labelledBy: ['url'],
  fields: {
    url: text({
      label: 'Address',
      hint: "Where the far side is: wss://host.example/path, or ws:// without TLS. Empty: this Chartwire's own front door, over TLS.",
      problem: (value) => urlProblem(value, value.startsWith('ws:') ? 'ws' : 'wss'),
    }),
    path: pathField({
      hint: 'Path of our own front door, for an empty address: that of the listener to reach.',
      default: '/websocket',
    }),
    wholemsg: choice({
      label: 'Sends and receives',
      hint: 'Messages have topics, properties and acknowledgements, and go to another Chartwire; everybody else knows payloads.',
      default: 'frames',
      options: { frames: 'messages, to another Chartwire', false: 'payloads', true: 'whole messages, as JSON' },
    }),
    subprotocol: text({
      label: 'Sub-protocols',
      hint: 'Names with commas between them, the best first; not for messages to another Chartwire.',
    }),
    http: choice({
      label: 'Over',
      hint: 'HTTP/2 needs a far side that knows RFC 8441.',
      default: '1.1',
      options: { '1.1': 'HTTP/1.1', '2': 'HTTP/2' },
    }),
    headers: rows({
      label: 'Headers',
      hint: 'Of the upgrade. Name: Authorization, or other with the name beside it. Value: other or env, with the text or the variable beside it.',
      columns: {
        keyType: { label: 'Name' },
        keyValue: { label: 'Other name', optional: true },
        valueType: { label: 'Value' },
        valueValue: { label: 'Text or variable', optional: true },
      },
    }),
    user: text({ label: 'User', hint: 'Who to say we are, with a password. Empty: nobody.' }),
    password: secret({ label: 'Password', hint: 'Of the user (basic authentication).' }),
    token: secret({ label: 'Token', hint: 'Sent as bearer token.' }),
    proxy: text({
      label: 'Proxy',
      hint: 'http://host:port to connect through. Empty: what the environment names (https_proxy, no_proxy).',
      problem: (value) =>
        /^https?:\/\/[^\s/]+\/?$/.test(value) ? undefined : 'must be an address like http://host:3128',
    }),
    ...pingField,
    ...compressionFields,
    tls: configNode({
      label: 'TLS configuration',
      hint: 'A node of Node-RED that says whom to trust and who we are; the four settings below then mean nothing. Verification stays on.',
      nodeType: 'tls-config',
    }),
    ...trustFields,
    ...limitFields,
    ...reconnectFields,
  },
  migrations: [
    {
      to: 2,
      // Plain was the word for bare payloads. A core node's flow has no version, and says it in its own words already.
      up: ({ plain, ...settings }) => ({ wholemsg: plain === true ? 'false' : 'frames', ...coreClient(settings) }),
    },
  ],
});
