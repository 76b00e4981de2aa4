import { SiteResponse } from '../../../src/http/site-response.ts';
import { Fault } from '../../../src/fault.ts';
import { isRecord } from '../../../src/is-record.ts';
import type { SettingsOf } from '../../../src/spec/field.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import type { definition } from './definition.ts';

export type ResponseSettings = SettingsOf<typeof definition.fields>;

/** What every answer of a node has. */
export interface Fixed {
  readonly statusCode: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export const fixedOf = ({ statusCode, headers }: ResponseSettings): Fixed => ({
  statusCode: Number(statusCode),
  headers: headers.map(({ name, value }) => [name.toLowerCase(), value] as const),
});

/** The answer a message is for. Throws RESPONSE_UNKNOWN. */
export function responseOf({ res }: FlowMessage): SiteResponse {
  if (res instanceof SiteResponse) return res;
  throw new Fault('RESPONSE_UNKNOWN', {});
}

/** The answer a message begins. Throws RESPONSE_UNKNOWN, and RESPONSE_LATE when it has begun or nobody waits for it. */
export function newResponseOf(message: FlowMessage): SiteResponse {
  const response = responseOf(message);
  if (response.exchange.isAnswered) throw new Fault('RESPONSE_LATE', { path: response.exchange.target });
  return response;
}

/** Status, headers and cookies, as the core http response node takes them from itself and from a message. Throws MESSAGE_INVALID. */
export function prepare(response: SiteResponse, message: FlowMessage, fixed: Fixed): void {
  const { headers, cookies } = message;
  try {
    response.status(fixed.statusCode || Number(message['statusCode']) || 200);
    if (isRecord(headers) && !isOfRequest(headers)) response.set(headers);
    for (const [name, value] of fixed.headers) response.set(name, value);
    if (isRecord(cookies)) for (const name in cookies) setCookie(response, name, cookies[name]);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw invalid(error.message);
    throw error;
  }
}

/** The core http request node marks the headers of the answer it got: they are not meant for this one. */
const isOfRequest = (headers: Record<string, unknown>): boolean => 'x-node-red-request-node' in headers;

function setCookie(response: SiteResponse, name: string, cookie: unknown): void {
  if (cookie === null) response.clearCookie(name);
  else if (!isRecord(cookie)) response.cookie(name, cookie);
  else if (cookie['value'] === null) response.clearCookie(name, cookie);
  else response.cookie(name, cookie['value'], cookie);
}

const invalid = (problem: string): Fault => new Fault('MESSAGE_INVALID', { problem });
