import type { NodeAPI } from 'node-red';
import type { Outgoing } from '../adapter/context.ts';
import type { FlowMessage } from '../adapter/message.ts';

interface Sending {
  readonly RED: NodeAPI;
  readonly send: (outgoing: Outgoing) => void;
  /** Told of each result that is no message. */
  readonly refuse: (type: string) => void;
}

/**
 * Sends what the code returned or gave to `node.send`, as the core node function does: each message gets the id of the one
 * that is worked on, and the first is copied when the code may go on to change it.
 */
export function sendResults(sending: Sending, id: string, results: unknown, copyFirst: boolean): void {
  if (results === null || results === undefined) return;
  if (!Array.isArray(results)) {
    const message = messageOf(sending, results);
    if (message === undefined) return;
    sending.send(marked(sending, id, message, copyFirst));
    return;
  }
  let isFirst = true;
  const outgoing = (results as unknown[]).map((entry) => {
    const list: unknown[] = Array.isArray(entry) ? entry : [entry];
    const messages = list.flatMap((result) => {
      if (result === null || result === undefined || (!Array.isArray(entry) && !result)) return [];
      const message = messageOf(sending, result);
      if (message === undefined) return [];
      const copy = isFirst && copyFirst;
      isFirst = false;
      return [marked(sending, id, message, copy)];
    });
    if (messages.length > 1) return messages;
    return messages[0] ?? null;
  });
  if (!isFirst) sending.send(outgoing);
}

function marked({ RED }: Sending, id: string, message: FlowMessage, copy: boolean): FlowMessage {
  const sent = copy ? (RED.util.cloneMessage(message as never) as FlowMessage) : message;
  sent._msgid = id;
  return sent;
}

function messageOf({ refuse }: Sending, result: unknown): FlowMessage | undefined {
  if (typeof result === 'object' && result !== null && !Buffer.isBuffer(result) && !Array.isArray(result))
    return result as FlowMessage;
  if (typeof result !== 'object') refuse(typeof result);
  else refuse(Buffer.isBuffer(result) ? 'Buffer' : 'Array');
  return undefined;
}
