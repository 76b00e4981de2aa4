import { Fault } from '../../fault.ts';
import type { Exchange } from '../../http/exchange.ts';
import { readBody as read } from '../../http/read-body.ts';

/** The whole body. Rejects with PAYLOAD_TOO_LARGE, before it is read when it says its length, MESSAGE_INVALID or SEND_TIMED_OUT. */
export function readBody(exchange: Exchange, maxBytes: number, afterMs: number, url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Fault('SEND_TIMED_OUT', { url, afterMs })), afterMs);
    read(exchange, maxBytes, (fault, body) => {
      clearTimeout(timer);
      if (fault === undefined) resolve(body);
      else reject(fault);
    });
  });
}
