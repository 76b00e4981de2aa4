import { Fault } from './fault.ts';

/** All bytes of a request, in memory. Rejects with PAYLOAD_TOO_LARGE once there are more than `limitBytes`, and as the request does. */
export async function boundedBody(request: AsyncIterable<unknown>, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) throw new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
