import { choice, configNode, rows, secret } from '../../src/spec/field.ts';

/** Through which client, and as whom: what every node that asks a server has. */
export const clientField = configNode({
  label: 'Client',
  hint: 'Connections, certificates, proxy and limits. Empty: a client of its own with the defaults.',
  nodeType: 'chartwire-http2-client',
});

export const authorizationFields = {
  authType: choice({
    label: 'Authentication',
    hint: 'How the server knows us. Digest answers what the server asks for: SHA-512-256, SHA-256 or MD5.',
    default: '',
    options: { '': 'none', basic: 'basic', digest: 'digest', bearer: 'bearer token' },
  }),
  user: secret({ label: 'User', hint: 'Name for basic and digest.' }),
  password: secret({ label: 'Password', hint: 'Password of that user, or the bearer token.' }),
};

export const headersField = rows({
  label: 'Headers',
  hint: 'Sent with each request; they come before those of msg.headers, and an empty value takes a header away.',
  columns: {
    keyType: { label: 'Name is', options: { other: 'text', msg: 'msg.' } },
    keyValue: { label: 'Name' },
    valueType: { label: 'Value is', options: { other: 'text', msg: 'msg.', env: 'environment' } },
    valueValue: { label: 'Value' },
  },
});
