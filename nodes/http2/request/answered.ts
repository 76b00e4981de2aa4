import { STATUS_CODES } from 'node:http';
import { Fault } from '../../../src/fault.ts';
import type { HttpAnswer } from '../../../src/http/client/index.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { marked } from './headers.ts';
import { cookiesOf } from './set-cookie.ts';

/** What becomes of the bytes of a response. */
export type Returned = 'txt' | 'bin' | 'obj';

/** The message that asked, with what the response says beside its body. */
export function withAnswer(message: FlowMessage, answer: HttpAnswer<unknown>): FlowMessage {
  const { status, headers, url, version, redirects, retries } = answer;
  const setCookies = headers['set-cookie'];
  message['statusCode'] = status;
  message['headers'] = marked(headers);
  message['responseUrl'] = url;
  message['httpVersion'] = version;
  message['retry'] = retries;
  message['redirectList'] = redirects.map(({ location, setCookies }) => ({
    location,
    ...(setCookies.length > 0 && { cookies: cookiesOf(setCookies) }),
  }));
  if (setCookies === undefined) delete message['responseCookies'];
  else message['responseCookies'] = cookiesOf(setCookies);
  const trailers = answer.trailers();
  if (Object.keys(trailers).length === 0) delete message['trailers'];
  else message['trailers'] = trailers;
  return message;
}

/** The fault a status is taken for, where one is. */
export function statusFault({ status, url }: HttpAnswer<unknown>): Fault {
  const { origin, pathname } = new URL(url);
  return new Fault('FAR_SIDE_REFUSED', {
    url: origin + pathname,
    answer: `${status} ${STATUS_CODES[status] ?? ''}`.trim(),
  });
}

/** A whole body. Throws RESPONSE_INVALID when it must be JSON and is not. */
export function payloadOf({ body, status, headers, url }: HttpAnswer<Buffer>, ret: Returned): unknown {
  if (ret === 'bin') return body;
  const text = decoderFor(headers['content-type']).decode(body);
  if (ret === 'txt') return text;
  return text === '' && (status === 204 || status === 304) ? {} : parsed(text, url);
}

/** A line or a body that must be JSON. */
export function parsed(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { origin, pathname } = new URL(url);
    throw new Fault('RESPONSE_INVALID', { url: origin + pathname, problem: 'it is no JSON' }, { cause: error });
  }
}

/** Reads text in the charset the response says, UTF-8 without one, and keeps what stands before it. */
export function decoderFor(contentType: string | undefined): TextDecoder {
  const charset = /;\s*charset="?([\w.:-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { ignoreBOM: true });
  } catch {
    return new TextDecoder('utf-8', { ignoreBOM: true });
  }
}
