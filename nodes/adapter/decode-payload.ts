import { isUtf8 } from 'node:buffer';
import { Fault } from '../../src/fault.ts';
import type { FlowMessage } from './message.ts';
import type { PayloadType } from './payload-type.ts';

/** Throws MESSAGE_INVALID when the payload has to be JSON or text and is not. */
export function decodePayload(type: PayloadType, { payload, contentType }: FlowMessage): unknown {
  if (!Buffer.isBuffer(payload)) return payload;
  switch (type) {
    case 'buffer':
      return payload;
    case 'base64':
      return payload.toString('base64');
    case 'utf8':
      return textOf(payload);
    case 'json':
      return parsed(textOf(payload));
    case 'auto-detect':
      return detected(payload, contentType);
  }
}

/** The content type decides when there is one; without one, what the bytes read as. */
function detected(payload: Buffer, contentType: unknown): unknown {
  const mediaType = typeof contentType === 'string' ? contentType.split(';')[0]!.trim().toLowerCase() : '';
  if (/^application\/(.+\+)?json$/.test(mediaType)) return parsed(textOf(payload));
  if (mediaType.startsWith('text/')) return textOf(payload);
  if (mediaType !== '') return payload;
  try {
    const text = textOf(payload);
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  } catch {
    return payload;
  }
}

function textOf(payload: Buffer): string {
  if (!isUtf8(payload)) throw new Fault('MESSAGE_INVALID', { problem: 'the payload is no UTF-8 text' });
  return payload.toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault('MESSAGE_INVALID', { problem: 'the payload is no JSON' }, { cause: error });
  }
}
