import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { choice, text } from '../../../src/spec/field.ts';
import { limitFields } from '../../adapter/link-fields.ts';
import { placeFields } from '../../adapter/place-fields.ts';
import { callerOptions, proofFields } from '../../adapter/proof-fields.ts';
import { compressionFields, pingField } from '../shared-fields.ts';
import { clientFields } from './client-fields.ts';
import { outboxFields } from './outbox-fields.ts';

export const definition = define({
  type: 'chartwire-websocket-listener',
  version: 2,
  category: 'config',
  label: 'websocket listener',
  summary: 'Takes WebSocket connections at a path of the front door, on a port of its own or on that of Node-RED.',
  color: colors.websocket,
  inputs: 0,
  outputs: 0,
  labelledBy: ['path'],
  fields: {
    path: text({
      label: 'Path',
      hint: 'Where far sides reach it. A part :name stands for anything, and is in msg.client.params.',
      default: '/websocket',
      required: true,
      problem: (value) =>
        /^\/?([\w.~-]+|:\w+)(\/([\w.~-]+|:\w+))*$/.test(value)
          ? undefined
          : 'must be a path like /plant/:line, of letters, digits and . _ ~ - between slashes',
    }),
    server: choice({
      label: 'Server',
      hint: 'Of Node-RED itself: below its root for HTTP nodes, where the core nodes stand too.',
      default: 'own',
      options: { own: 'the front door, or a port of its own', nodeRed: 'that of Node-RED' },
    }),
    ...placeFields,
    wholemsg: choice({
      label: 'Sends and receives',
      hint: 'Between two Chartwires messages have topics, properties and acknowledgements; everybody else gets payloads.',
      default: 'frames',
      options: { frames: 'payloads; messages between Chartwires', false: 'payloads', true: 'whole messages, as JSON' },
    }),
    subprotocol: text({
      label: 'Sub-protocols',
      hint: 'Names with commas between them: the first of those a far side offers is agreed on.',
    }),
    callers: choice({
      label: 'Who may connect',
      hint: 'Found out before the upgrade. A page of a browser sends its token as sub-protocol bearer.TOKEN.',
      default: 'certificate',
      options: callerOptions,
    }),
    ...proofFields,
    origins: text({
      label: 'Pages of other origins',
      hint: 'Origins whose pages may connect, with commas between them, or * for all. Empty: only pages of this address.',
    }),
    ...clientFields,
    ...outboxFields,
    ...pingField,
    ...compressionFields,
    ...limitFields,
  },
  // What is new has defaults that change nothing.
  migrations: [{ to: 2, up: (settings) => settings }],
});
