import { boolean, choice, text } from '../../src/spec/field.ts';

/** How a link or listener signals with peers it cannot reach by an address. */
export const wayFields = {
  signals: choice({
    label: 'Signals',
    hint: 'How both sides agree on a path through NATs: not at all, at a rendezvous, over an MQTT broker, or by texts that a peer signal node gives and takes.',
    default: 'none',
    options: { none: 'none', rendezvous: 'at a rendezvous', mqtt: 'over MQTT', invite: 'by invite' },
  }),
  post: text({
    label: 'Through',
    hint: 'Address of the rendezvous (wss://host:8443/peer) or of the broker (mqtts://host:8883).',
    problem: (value) => addressProblem(value, ['wss:', 'mqtts:']),
  }),
  relay: text({
    label: 'Relay',
    hint: 'Rendezvous to send through when no direct path is found: wss://host:8443/peer. Empty: the one above, if it is one.',
    problem: (value) => addressProblem(value, ['wss:']),
  }),
  relayed: boolean({
    label: 'May be relayed',
    hint: 'Send through the relay when there is no direct path. It sees only ciphertext.',
    default: true,
  }),
  stun: text({
    label: 'STUN servers',
    hint: 'host:port of servers that tell our outside address, with commas between. Empty: the rendezvous, at the UDP port of the same number.',
    problem: (value) =>
      serversOf(value).every((server) => /^[^\s:]+:\d{1,5}$/.test(server)) ? undefined : 'must be host:port, ...',
  }),
  bindAddress: text({
    label: 'Only this address',
    hint: 'Address of the one interface of this machine that direct paths may use. Empty: all.',
    problem: (value) => (/^[0-9a-f.:]{2,45}$/i.test(value) ? undefined : 'must be an IP address'),
  }),
  ca: text({
    label: 'CA certificate',
    hint: 'PEM text of the CA that signed the rendezvous or the broker. Empty: the local CA.',
    multiline: true,
    problem: (value) =>
      /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(value)
        ? undefined
        : 'must be a PEM certificate (-----BEGIN CERTIFICATE-----)',
  }),
};

/** The servers of a list with commas. */
export function serversOf(list: string): string[] {
  return list
    .split(',')
    .map((server) => server.trim())
    .filter((server) => server !== '');
}

function addressProblem(value: string, schemes: readonly string[]): string | undefined {
  if (!URL.canParse(value)) return `must be an address like ${schemes[0]}//host:8443/peer`;
  const { protocol, hostname, username, password } = new URL(value);
  if (!schemes.includes(protocol) || hostname === '') return `must begin with ${schemes.join('// or ')}//`;
  return username === '' && password === '' ? undefined : 'must not hold a name or a password';
}
