import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean, number } from '../../../src/spec/field.ts';
import { pathField } from '../../adapter/link-fields.ts';
import { allowedPeers } from '../allowed-peers.ts';

export const definition = define({
  type: 'chartwire-peer-rendezvous',
  version: 1,
  category: 'chartwire',
  label: 'peer rendezvous',
  summary:
    'Lets peers find each other at the front door, tells them their outside address, and relays for those that must.',
  color: colors.peer,
  inputs: 0,
  outputs: 0,
  labelledBy: ['path'],
  fields: {
    path: pathField({ hint: 'Where on the front door: wss://host:8443 and this path.', default: '/peer' }),
    allowed: allowedPeers('Who may come beside certificates of the local CA: a name for you, and the fingerprint.'),
    stun: boolean({
      label: 'Answer STUN',
      hint: 'Tell peers their outside address, over UDP at the port number of the front door.',
      default: true,
    }),
    maxPeers: number({
      label: 'Most peers',
      hint: 'Peers connected at once; more are turned away.',
      default: 1_000,
      min: 1,
      max: 100_000,
      unit: 'peers',
    }),
    maxTunnels: number({
      label: 'Most relayed',
      hint: 'Links relayed at once; 0 relays nothing.',
      default: 100,
      min: 0,
      max: 100_000,
      unit: 'links',
    }),
    maxTunnelsOfOne: number({
      label: 'Relayed links of one peer',
      hint: 'Of those, opened by one peer; further ones are refused.',
      default: 25,
      min: 1,
      max: 100_000,
      unit: 'links',
    }),
    maxBytesPerSecond: number({
      label: 'Relayed bytes of one peer',
      hint: 'What comes faster from one peer is read later.',
      default: 4_194_304,
      min: 65_536,
      max: 1_073_741_824,
      unit: 'bytes/s',
    }),
    maxSignalsPerSecond: number({
      label: 'Signals of one peer',
      hint: 'More are dropped.',
      default: 50,
      min: 1,
      max: 10_000,
      unit: 'signals/s',
    }),
    maxBufferedBytes: number({
      label: 'Waiting for one peer',
      hint: 'When more waits to be sent to a peer, what is relayed to it ends.',
      default: 4_194_304,
      min: 65_536,
      max: 1_073_741_824,
      unit: 'bytes',
    }),
    maxStunPerSecond: number({
      label: 'STUN answers',
      hint: 'Answers to all; what is beyond is dropped.',
      default: 1_000,
      min: 1,
      max: 100_000,
      unit: 'answers/s',
    }),
  },
  migrations: [],
});
