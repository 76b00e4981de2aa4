import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean, number, text } from '../../../src/spec/field.ts';
import { limitFields, reconnectFields, urlProblem } from '../../adapter/link-fields.ts';
import { fingerprintProblem } from '../fingerprint-problem.ts';
import { wayFields } from '../way-fields.ts';

export const definition = define({
  type: 'chartwire-peer-link',
  version: 1,
  category: 'config',
  label: 'peer link',
  summary: 'How to reach a peer, and the fingerprint to know it by.',
  color: colors.peer,
  inputs: 0,
  outputs: 0,
  labelledBy: ['url'],
  fields: {
    url: text({
      label: 'Address',
      hint: 'Where the peer is: peer://host:port. Empty: it is looked for.',
      problem: (value) => urlProblem(value, 'peer') ?? (/:\d+\/?$/.test(value) ? undefined : 'must name a port'),
    }),
    fingerprint: text({
      label: 'Fingerprint',
      hint: "SHA-256 fingerprint of the peer's certificate, which chartwire status tells there; with or without colons. The word own means this Chartwire itself.",
      required: true,
      problem: fingerprintProblem,
    }),
    peerName: text({
      label: 'Called here',
      hint: 'What the peer is called in messages and presence. Empty: what its certificate says.',
    }),
    discover: boolean({
      label: 'Look on this network',
      hint: 'Find the peer by mDNS. Who answers must still have the fingerprint.',
      default: false,
    }),
    ...wayFields,
    direct: boolean({
      label: 'Try direct paths',
      hint: 'Look for a way through NATs by WebRTC.',
      default: true,
    }),
    relayAfterMs: number({
      label: 'Relay after',
      hint: 'How long a direct path is tried before the relay is taken; it is tried on.',
      default: 1_500,
      min: 0,
      max: 60_000,
      unit: 'ms',
    }),
    upgradeFirstMs: number({
      label: 'First new try',
      hint: 'Before a relayed link tries a direct path again; each further pause is twice as long.',
      default: 5_000,
      min: 100,
      max: 3_600_000,
      unit: 'ms',
    }),
    upgradeLongestMs: number({
      label: 'Longest pause',
      hint: 'Pauses between tries of a direct path grow up to this.',
      default: 300_000,
      min: 100,
      max: 86_400_000,
      unit: 'ms',
    }),
    ...limitFields,
    ...reconnectFields,
  },
  migrations: [],
});
