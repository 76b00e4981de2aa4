import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean, number, text } from '../../../src/spec/field.ts';
import { limitFields } from '../../adapter/link-fields.ts';
import { allowedPeers } from '../allowed-peers.ts';
import { wayFields } from '../way-fields.ts';

export const definition = define({
  type: 'chartwire-peer-listener',
  version: 1,
  category: 'config',
  label: 'peer listener',
  summary: 'Takes the connections of peers with known fingerprints.',
  color: colors.peer,
  inputs: 0,
  outputs: 0,
  fields: {
    host: text({
      label: 'Host',
      hint: 'Address to listen on: 127.0.0.1 for this machine only, 0.0.0.0 for all networks.',
      default: '127.0.0.1',
      required: true,
    }),
    port: number({
      label: 'Port',
      hint: 'Port to listen on; 0 takes any free one, for peers that find it by mDNS or by signals.',
      default: 0,
      min: 0,
      max: 65_535,
      unit: '',
    }),
    allowed: allowedPeers(
      'Who may connect: what it is called here, and the SHA-256 fingerprint that chartwire status tells there; the word own means this Chartwire itself.',
    ),
    announce: boolean({
      label: 'Announce on this network',
      hint: 'Tell by mDNS where this listener is. Who comes must still be listed.',
      default: false,
    }),
    announcedName: text({
      label: 'Announced as',
      hint: 'Name others see. Empty: the name of this machine.',
    }),
    ...wayFields,
    maxConnections: number({
      label: 'Most peers',
      hint: 'Peers connected at once; more are not taken in. Half of them at most from one address that has not proved who it is.',
      default: 256,
      min: 1,
      max: 65_535,
      unit: 'peers',
    }),
    maxClockSkewMs: number({
      label: 'Longest clock difference',
      hint: 'A peer whose clock is further from ours when it signals is refused: its offer may be an old one.',
      default: 300_000,
      min: 1_000,
      max: 86_400_000,
      unit: 'ms',
    }),
    ...limitFields,
  },
  migrations: [],
});
