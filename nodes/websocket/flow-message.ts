import type { ClientInfo } from '../../src/endpoints/websocket/index.ts';
import type { Message } from '../../src/endpoint/message.ts';
import { isRecord } from '../../src/is-record.ts';
import { decodePayload } from '../adapter/decode-payload.ts';
import type { FlowMessage } from '../adapter/message.ts';
import type { PayloadType } from '../adapter/payload-type.ts';
import { fromWire } from '../adapter/wire-message.ts';
import { LOCAL } from './local-names.ts';

/** What has arrived, from a link or from one far side of a listener. */
export interface Arrived {
  readonly payload: Buffer;
  readonly isText: boolean;
  /** With topic and properties, when both sides are ours. */
  readonly message: Message | undefined;
}

/** Where it came from. */
export interface Origin {
  readonly session: string;
  readonly topic: string;
  readonly from: string;
  readonly client: ClientInfo | undefined;
}

/** What arrived, as `msg`. Throws MESSAGE_INVALID when the payload is not what `datatype` says. */
export function flowMessageOf(arrived: Arrived, origin: Origin, whole: boolean, datatype: PayloadType): FlowMessage {
  const { session, topic, from, client } = origin;
  const _session = { type: 'websocket', id: session };
  if (arrived.message !== undefined) {
    const message = fromWire({ ...arrived.message, from });
    message.payload = decodePayload(datatype, message);
    return client === undefined ? { ...message, _session } : { ...message, _session, client };
  }
  if (whole) return { ...wholeOf(arrived), _session, from, ...(client !== undefined && { client }) };
  const payload = payloadOf(arrived, datatype);
  return client === undefined ? { topic, payload, _session, from } : { topic, payload, _session, from, client };
}

/** As in the core node, text is text and bytes are bytes, unless the node wants something else. */
function payloadOf({ payload, isText }: Arrived, datatype: PayloadType): unknown {
  if (isText) {
    const text = payload.toString();
    return datatype === 'auto-detect' || datatype === 'utf8'
      ? text
      : decodePayload(datatype, { payload: Buffer.from(text), contentType: 'text/plain' });
  }
  // A part of what was read with it: a flow that keeps it would keep all of that.
  const own = Buffer.from(payload);
  return datatype === 'auto-detect' ? own : decodePayload(datatype, { payload: own });
}

/** A message as JSON; what is no object is its payload, whatever it is. Names that mean something here are not taken from outside. */
function wholeOf({ payload, isText }: Arrived): FlowMessage {
  const text = payload.toString();
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed)) return { payload: parsed };
    const message: FlowMessage = { ...parsed };
    for (const name of LOCAL) delete message[name];
    return message;
  } catch {
    return { payload: isText ? text : Buffer.from(payload) };
  }
}
