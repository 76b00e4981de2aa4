import type { Readable } from 'node:stream';
import { Fault } from '../fault.ts';

/** The bytes of a request that still has to be answered, whatever becomes of their reader. Throws MESSAGE_INVALID when it breaks off. */
export async function* keptOpen(body: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const part of body.iterator({ destroyOnReturn: false })) yield part as Buffer;
  } catch (error) {
    throw new Fault('MESSAGE_INVALID', { problem: 'the body is not whole' }, { cause: error });
  }
}
