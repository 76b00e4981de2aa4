import { isRecord } from '../../is-record.ts';
import type { FlowNode } from '../flow-node.ts';

const SECRET =
  /^(?:pass(?:word|wd|phrase)?|(?:client|shared)?_?secret|api_?key|(?:access|auth|refresh)_?token|private_?key)$/i;
const FROM_ENVIRONMENT = /^\$\{[^}]+\}$/;

/** A node as it may be written down: without credentials, and with a variable of the environment for each password in the open. */
export function withoutSecrets(node: FlowNode): FlowNode {
  const { id, type, credentials: _credentials, ...rest } = node;
  const entries = Object.entries(rest).map(([key, value]): [string, unknown] => {
    if (SECRET.test(key) && typeof value === 'string' && value !== '' && !FROM_ENVIRONMENT.test(value)) {
      return [key, `\${${`${type}_${key}`.replace(/\W+/g, '_').toUpperCase()}}`];
    }
    return [key, key === 'env' && Array.isArray(value) ? value.map(withoutValue) : value];
  });
  return { id, type, ...Object.fromEntries(entries) };
}

/** Variables of tabs, groups and subflows may be credentials. */
function withoutValue(variable: unknown): unknown {
  if (!isRecord(variable) || variable['type'] !== 'cred') return variable;
  const { value: _value, ...rest } = variable;
  return rest;
}
