import { Packed } from '../../src/endpoints/websocket/index.ts';
import { Fault } from '../../src/fault.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { LOCAL } from './local-names.ts';

/** What `msg` is for a far side that knows no frames: its payload, or all of it. Throws MESSAGE_INVALID. */
export function packed(message: FlowMessage, whole: boolean, isShared: boolean, mark?: string): Packed {
  if (whole) return new Packed(wholeText(message, mark), isShared);
  const { payload } = message;
  if (payload instanceof Uint8Array) return new Packed(payload, isShared);
  if (payload === undefined || payload === null) throw invalid('there is no payload');
  return new Packed(typeof payload === 'string' ? payload : jsonOf(payload), isShared);
}

function wholeText(message: FlowMessage, mark: string | undefined): string {
  const sent: FlowMessage = mark === undefined ? { ...message } : { ...message, _id: mark };
  for (const name of LOCAL) delete sent[name];
  return jsonOf(sent);
}

function jsonOf(value: unknown): string {
  try {
    const text = JSON.stringify(value) as string | undefined;
    if (text !== undefined) return text;
  } catch (error) {
    throw invalid('it cannot be written as JSON', error);
  }
  throw invalid('it cannot be written as JSON');
}

const invalid = (problem: string, cause?: unknown): Fault => new Fault('MESSAGE_INVALID', { problem }, { cause });
