import { constants } from 'node:http2';
import { Fault } from '../../fault.ts';
import type { DoorRequest } from '../../front-door/door.ts';

/** How long a body that was refused may go on, unread, so that its sender gets to see the answer. */
const LINGER_MS = 1_000;

/** The whole body. Rejects with PAYLOAD_TOO_LARGE, before it is read when it says its length, or SEND_TIMED_OUT. */
export async function readBody(
  request: DoorRequest,
  maxBytes: number,
  timeoutMs: number,
  url: string,
): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: announced, limitBytes: maxBytes });
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  return await new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      request.off('data', onData);
      act();
    };
    const onData = (chunk: Buffer): void => {
      sizeBytes += chunk.length;
      chunks.push(chunk);
      if (sizeBytes > maxBytes) {
        settle(() => reject(new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes: maxBytes })));
      }
    };
    const timer = setTimeout(() => {
      settle(() => reject(new Fault('SEND_TIMED_OUT', { url, afterMs: timeoutMs })));
    }, timeoutMs);
    request.on('data', onData);
    request.once('end', () => settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))));
    request.once('close', () => settle(() => reject(new Fault('FAR_SIDE_GONE', { url }))));
    request.once('error', (error) => settle(() => reject(new Fault('FAR_SIDE_GONE', { url }, { cause: error }))));
  });
}

/** Lets the rest of a refused body pass by, then cuts it off. */
export function discardBody(request: DoorRequest): void {
  const cut = setTimeout(() => cutOff(request), LINGER_MS);
  request.once('end', () => clearTimeout(cut));
  request.once('close', () => clearTimeout(cut));
  request.on('error', () => clearTimeout(cut));
  request.resume();
}

/** Destroying an HTTP/2 request leaves its stream open; it is reset without an error (RFC 9113, 8.1). */
function cutOff(request: DoorRequest): void {
  if ('stream' in request) request.stream.close(constants.NGHTTP2_NO_ERROR);
  else request.destroy();
}
