import { Fault } from '../../fault.ts';
import type { Exchange } from '../../http/exchange.ts';

/** The whole body. Rejects with PAYLOAD_TOO_LARGE, before it is read when it says its length, or SEND_TIMED_OUT. */
export async function readBody(
  { headers, body }: Exchange,
  maxBytes: number,
  timeoutMs: number,
  url: string,
): Promise<Buffer> {
  const announced = Number(headers['content-length'] ?? 0);
  if (announced > maxBytes) throw new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: announced, limitBytes: maxBytes });
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  return await new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      body.off('data', onData);
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
    body.on('data', onData);
    body.once('end', () => settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))));
    body.once('close', () => settle(() => reject(new Fault('FAR_SIDE_GONE', { url }))));
    body.once('error', (error) => settle(() => reject(new Fault('FAR_SIDE_GONE', { url }, { cause: error }))));
  });
}
