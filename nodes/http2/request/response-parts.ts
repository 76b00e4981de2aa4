import { Fault } from '../../../src/fault.ts';
import type { HttpAnswer } from '../../../src/http/client/index.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { decoderFor, parsed, withAnswer, type Returned } from './answered.ts';

/** Longest line of a response, in characters: nobody wants an endless one in memory. */
const MAX_LINE_LENGTH = 16_777_216;

type Streamed = HttpAnswer<AsyncIterable<Buffer>>;

/**
 * A response as a sequence of messages, each a copy of the one that asked, sent as it comes. That no more comes is told by one
 * more, with nothing in it, `complete` and the number of all: a part that waited for the next one would come too late.
 */
export async function emitParts(
  message: FlowMessage,
  answer: Streamed,
  { emit, ret, id }: { readonly emit: 'chunks' | 'lines'; readonly ret: Returned; readonly id: string },
  send: (message: FlowMessage) => void,
): Promise<void> {
  const base = withAnswer(message, answer);
  const type = ret === 'bin' ? 'buffer' : ret === 'obj' ? 'object' : 'string';
  const ch = type === 'object' ? {} : { ch: emit === 'lines' ? '\n' : '' };
  let index = 0;
  for await (const payload of emit === 'lines' ? lines(answer, ret) : chunks(answer, ret)) {
    send({ ...base, payload, parts: { id, type, index, ...ch } });
    index += 1;
    // Others get a turn, and the flow behind keeps its order.
    await new Promise(setImmediate);
  }
  // Trailers are known only now.
  const { payload: _payload, ...rest } = withAnswer(base, answer);
  const nothing = { txt: { payload: '' }, bin: { payload: Buffer.alloc(0) }, obj: {} }[ret];
  send({ ...rest, ...nothing, complete: true, parts: { id, type, index, ...ch, count: index + 1 } });
}

async function* chunks({ body, headers }: Streamed, ret: Returned): AsyncGenerator<Buffer | string> {
  if (ret === 'bin') return yield* body;
  const decoder = decoderFor(headers['content-type']);
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

async function* lines(answer: Streamed, ret: Returned): AsyncGenerator {
  const valueOf = (line: string): unknown => {
    if (ret === 'bin') return Buffer.from(line);
    return ret === 'obj' ? parsed(line, answer.url) : line;
  };
  let rest = '';
  for await (const text of chunks(answer, 'txt')) {
    const all = (rest + text.toString()).split(/\r?\n/);
    rest = all.pop() ?? '';
    for (const line of all) if (line !== '' || ret !== 'obj') yield valueOf(line);
    if (rest.length > MAX_LINE_LENGTH) {
      const { origin, pathname } = new URL(answer.url);
      throw new Fault('RESPONSE_TOO_LARGE', { url: origin + pathname, limitBytes: MAX_LINE_LENGTH });
    }
  }
  if (rest !== '') yield valueOf(rest);
}
