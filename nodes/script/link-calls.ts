import { randomBytes } from 'node:crypto';
import type { Node, NodeAPI } from 'node-red';
import { Fault } from '../../src/fault.ts';
import type { FlowMessage } from '../adapter/message.ts';

/** As the core node function has it. */
const TIMEOUT_MS = 5_000;

interface LinkCallOptions {
  /** How long the answer may take, in ms. Default 5,000. */
  readonly timeout?: number;
  /** Default true. */
  readonly clone?: boolean;
}

/** The part of Node-RED that finds the entry of a flow that is called. */
interface LinkTargets {
  readonly nodes: {
    readonly linkcallTargets: { getTargetNode(from: Node, target: string, dynamic: boolean): Node | null | undefined };
  };
}

/** A flow on its way that is to come back: what `link out` nodes find the caller by. */
interface LinkSource {
  readonly id: string;
  readonly node: string;
}

export type LinkCall = (target: unknown, message: unknown, options?: LinkCallOptions) => Promise<FlowMessage>;

/** `node.linkcall`: sends a message to a `link in` node and resolves with what a `link out` node gives back. */
export function linkCalls(RED: NodeAPI, node: Node, signal: AbortSignal): LinkCall {
  const open = new Map<string, (answer: FlowMessage) => void>();
  Object.assign(node, {
    returnLinkMessage(id: string, message: FlowMessage) {
      const sources = message['_linkSource'];
      if (Array.isArray(sources) && sources.length === 0) delete message['_linkSource'];
      open.get(id)?.(message);
    },
  });
  return async (target, message, { timeout = TIMEOUT_MS, clone = true } = {}) => {
    if (typeof target !== 'string' || target.trim() === '')
      throw invalid('node.linkcall needs the name or id of a link in node');
    if (typeof message !== 'object' || message === null) throw invalid('node.linkcall needs a message');
    const { linkcallTargets } = (RED as unknown as LinkTargets).nodes;
    const entry = linkcallTargets.getTargetNode(node, target, !RED.nodes.getNode(target));
    if (entry?.type !== 'link in') throw invalid(`there is no link in node ${target}`);
    const called = (clone ? RED.util.cloneMessage(message as never) : message) as FlowMessage;
    const id = randomBytes(14).toString('hex');
    const sources = (called['_linkSource'] ??= []) as LinkSource[];
    sources.push({ id, node: node.id });
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        open.delete(id);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Fault('LINK_CALL_UNANSWERED', { target, afterMs: timeout }));
      }, timeout);
      const onAbort = (): void => {
        end();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort);
      open.set(id, (answer) => {
        end();
        resolve(answer);
      });
      entry.receive(called as never);
    });
  };
}

const invalid = (problem: string): Fault => new Fault('MESSAGE_INVALID', { problem });
