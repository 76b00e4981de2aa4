import { inspect } from 'node:util';
import util from 'node:util';
import type { Context } from 'node:vm';
import type { Node, NodeAPI } from 'node-red';
import { Fault } from '../../src/fault.ts';
import { openRealm } from './compile.ts';
import { linkCalls } from './link-calls.ts';
import { openTimers } from './timers.ts';

/** The globals a core function node has, under the same names. */
export function scriptRealm(
  RED: NodeAPI,
  node: Node,
  fail: (error: unknown) => void,
  signal: AbortSignal,
): { readonly realm: Context; readonly node: object } {
  const context = node.context();
  const realm = openRealm({
    console,
    util,
    promisify: util.promisify,
    Buffer,
    URL,
    URLSearchParams,
    Date,
    // As in the core node: settings of other nodes are none of the script's business.
    RED: { util: { ...RED.util, getSetting: () => undefined } },
    context,
    flow: context.flow,
    global: context.global,
    env: { get: (name: string): unknown => settingOf(RED, node, name) },
    ...openTimers(fail, signal),
  });
  return { realm, node: { ...nodeOf(node, signal), linkcall: linkCalls(RED, node, signal) } };
}

/** What `node` is in the code, but for what belongs to one message. */
function nodeOf(node: Node, signal: AbortSignal): object {
  let showsStatus = false;
  signal.addEventListener('abort', () => {
    if (showsStatus) node.status({});
  });
  return {
    id: node.id,
    name: node.name,
    path: (node as { _path?: string })._path,
    outputCount: (node as { wires?: unknown[] }).wires?.length ?? 0,
    log: node.log.bind(node),
    warn: node.warn.bind(node),
    error: node.error.bind(node),
    debug: node.debug.bind(node),
    trace: node.trace.bind(node),
    on: (event: string, act: () => void) => {
      if (event === 'input')
        throw new Fault('SETTINGS_INVALID', { problems: 'a script cannot listen to its own input' });
      node.on(event as 'close', act);
    },
    status: (status: never) => {
      showsStatus = true;
      node.status(status);
    },
    [inspect.custom]: () => `node ${node.id}`,
  };
}

function settingOf(RED: NodeAPI, node: Node, name: string): unknown {
  const getSetting: unknown = Reflect.get(RED.util, 'getSetting');
  return typeof getSetting === 'function' ? (getSetting(node, name) as unknown) : undefined;
}
