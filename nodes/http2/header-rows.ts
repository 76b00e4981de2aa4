import type { Node, NodeAPI } from 'node-red';
import type { FlowMessage } from '../adapter/message.ts';
import { nowhere, propertyOf } from '../adapter/property.ts';
import { textOf } from './text-of.ts';

type Row = Readonly<Record<'keyType' | 'keyValue' | 'valueType' | 'valueValue', string>>;
type Read = (message: FlowMessage) => unknown;

/** The rows of a form as headers of a message. Reads each expression once. Throws SETTINGS_INVALID. */
export function headerRows(
  RED: NodeAPI,
  node: Node,
  rows: readonly Row[],
): (message: FlowMessage) => readonly (readonly [string, unknown])[] {
  const pairs = rows.map(
    ({ keyType, keyValue, valueType, valueValue }) =>
      [reader(RED, node, keyType, keyValue), reader(RED, node, valueType, valueValue)] as const,
  );
  return (message) => pairs.map(([name, value]) => [textOf(name(message)), value(message)] as const);
}

function reader(RED: NodeAPI, node: Node, type: string, text: string): Read {
  if (type === 'msg') {
    const { read } = propertyOf(RED, text);
    return (message) => {
      const value = read(message);
      return value === nowhere ? undefined : value;
    };
  }
  if (type !== 'env') return () => text;
  const value = RED.util.evaluateNodeProperty(text, 'env', node, {}) as unknown;
  return () => value;
}
