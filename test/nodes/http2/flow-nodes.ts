import { tab, type StoredNode } from '../../support/node-red.ts';

/** A node that takes requests and gives them to `to`. */
export const request = (id: string, more: object, to: string): StoredNode => ({
  id,
  type: 'chartwire-http2-in',
  z: tab.id,
  wires: [[to]],
  ...more,
});

export const response = (id: string, more: object = {}): StoredNode => ({
  id,
  type: 'chartwire-http2-response',
  z: tab.id,
  wires: [],
  ...more,
});

export const listener = (id: string, more: object = {}): StoredNode => ({
  id,
  type: 'chartwire-http2-listener',
  path: '/',
  openApiPath: '',
  ...more,
});

/** What a function node does that keeps messages, in place of long work, until it gets one with `release`. */
export const HOLDING = `const held = context.get('held') ?? [];
context.set('held', msg.release ? [] : [...held, msg]);
return msg.release ? [held] : null;`;

/** A function node of core, as people have them between request and response. */
export const script = (id: string, func: string, to = 'out'): StoredNode => ({
  id,
  type: 'function',
  z: tab.id,
  func,
  outputs: 1,
  timeout: 0,
  libs: [{ var: 'fs', module: 'fs' }],
  wires: [[to]],
});
