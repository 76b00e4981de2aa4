import { newHeaderList, type HeaderList } from '../header-list.ts';
import * as codes from './codes.ts';
import { ConnectionError, protocolError } from './codes.ts';
import { HeaderDecoder } from './header-decoder.ts';
import { withoutPadding } from './padding.ts';

/** Compressed headers that are collected before they are looked at. */
const MAX_BLOCK_BYTES = 65_536;

/** A header section that is whole. */
export interface HeaderBlock {
  readonly stream: number;
  readonly isEnd: boolean;
  readonly list: HeaderList;
}

interface Part {
  readonly stream: number;
  readonly isEnd: boolean;
  readonly bytes: Buffer[];
  length: number;
}

/** Collects what HEADERS and CONTINUATION bring (RFC 9113, 4.3). Throws what ends the connection. */
export class HeaderBlocks {
  readonly #decoder = new HeaderDecoder();
  #part: Part | undefined;

  /** The stream whose block is not whole yet: nothing else may come between. */
  get within(): number | undefined {
    return this.#part?.stream;
  }

  begin(flags: number, stream: number, payload: Buffer): HeaderBlock | undefined {
    if (stream === 0) throw protocolError('HEADERS on stream 0');
    let block = withoutPadding(flags, payload);
    if ((flags & codes.WITH_PRIORITY) !== 0) {
      if (block.length < 5) throw new ConnectionError(codes.FRAME_SIZE_ERROR, 'HEADERS without its priority');
      const dependsOnItself = (block.readUInt32BE(0) & 0x7fffffff) === stream;
      block = block.subarray(5);
      if (dependsOnItself) throw protocolError('a stream that depends on itself');
    }
    const isEnd = (flags & codes.END_STREAM) !== 0;
    if ((flags & codes.END_HEADERS) !== 0) return this.#whole(stream, isEnd, block);
    this.#part = { stream, isEnd, bytes: [block], length: block.length };
    return undefined;
  }

  goOn(flags: number, stream: number, payload: Buffer): HeaderBlock | undefined {
    const part = this.#part;
    if (part === undefined) throw protocolError(`CONTINUATION of nothing on stream ${stream}`);
    part.bytes.push(payload);
    part.length += payload.length;
    if (part.length > MAX_BLOCK_BYTES) throw new ConnectionError(codes.ENHANCE_YOUR_CALM, 'headers without end');
    if ((flags & codes.END_HEADERS) === 0) return undefined;
    this.#part = undefined;
    return this.#whole(stream, part.isEnd, Buffer.concat(part.bytes));
  }

  /** Whatever becomes of it, it is decoded: the tables of both sides must stay the same. */
  #whole(stream: number, isEnd: boolean, block: Buffer): HeaderBlock {
    const list = newHeaderList();
    this.#decoder.decode(block, list);
    return { stream, isEnd, list };
  }
}
