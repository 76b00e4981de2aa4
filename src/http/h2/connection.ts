import type { Socket } from 'node:net';
import type { AnswerHeaders } from '../exchange.ts';
import { errorLine } from '../../fault.ts';
import { LINGER_MS } from '../linger.ts';
import { Budget } from './budget.ts';
import * as codes from './codes.ts';
import { ConnectionError } from './codes.ts';
import { dateNow } from '../date.ts';
import { bytesFrame, settingsFrame, wordsFrame } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { HeaderDecoder } from './header-decoder.ts';
import { newHeaderList, requestProblem } from '../header-list.ts';
import { Outbox } from './outbox.ts';
import { PeerSettings, applySettings } from './peer-settings.ts';
import { Http2Stream } from './stream.ts';

export interface Http2Limits {
  readonly maxConcurrentStreams: number;
  readonly maxHeaderBytes: number;
  readonly maxHeaders: number;
  /** From the beginning to the first stream or PING, and silence when it is the far side's turn, in ms. */
  readonly firstRequestMs: number;
  readonly idleMs: number;
}

/** What one stream, and all of a connection, may send before it is read. */
const STREAM_WINDOW = 65_535;
const CONNECTION_WINDOW = 1_048_576;
const LARGEST_WINDOW = 2 ** 31 - 1;
/** Compressed headers that are collected before they are looked at. */
const MAX_BLOCK_BYTES = 65_536;
/** Closed streams that are remembered, to tell what comes late from what is wrong (RFC 9113, 5.1). */
const REMEMBERED = 128;
/** RFC 9113, 6.5.2 and RFC 8441, 3. */
const [MAX_CONCURRENT_STREAMS, MAX_HEADER_LIST_SIZE, ENABLE_CONNECT_PROTOCOL] = [3, 6, 8];

interface Block {
  readonly stream: number;
  readonly flags: number;
  readonly parts: Buffer[];
  bytes: number;
}

/** The server's side of one connection of HTTP/2 (RFC 9113). Nothing it is sent makes it throw: what is wrong ends it, with a code. */
export class Http2Connection {
  readonly socket: Socket;
  readonly outbox: Outbox;
  readonly #limits: Http2Limits;
  readonly #onRequest: (stream: Http2Stream) => void;
  readonly #onRefused: (reason: string) => void;
  readonly #reader: FrameReader;
  readonly #decoder = new HeaderDecoder();
  readonly #budget = new Budget();
  readonly #peer = new PeerSettings();
  readonly #streams = new Map<number, Http2Stream>();
  /** Streams that have closed, and whether it was we who reset them: what was on its way then is left out (RFC 9113, 5.1). */
  readonly #closed = new Map<number, 'by us' | 'whole'>();
  readonly #first: NodeJS.Timeout;
  #block: Block | undefined;
  #hasSettings = false;
  #lastId = 0;
  #receiveWindow = CONNECTION_WINDOW;
  #owed = 0;
  #isLeaving = false;
  #isOver = false;
  #onClose: (() => void)[] = [];

  constructor(
    socket: Socket,
    limits: Http2Limits,
    onRequest: (stream: Http2Stream) => void,
    onRefused: (reason: string) => void,
  ) {
    this.socket = socket;
    this.#limits = limits;
    this.#onRequest = onRequest;
    this.#onRefused = onRefused;
    this.outbox = new Outbox(socket, this.#peer, () => this.#streams.values());
    this.#reader = new FrameReader((type, flags, stream, payload) => this.#takeFrame(type, flags, stream, payload));
    this.outbox.push(
      settingsFrame(codes.SETTINGS, [
        [MAX_CONCURRENT_STREAMS, limits.maxConcurrentStreams],
        [MAX_HEADER_LIST_SIZE, limits.maxHeaderBytes],
        [ENABLE_CONNECT_PROTOCOL, 1],
      ]),
      wordsFrame(codes.WINDOW_UPDATE, 0, 0, CONNECTION_WINDOW - STREAM_WINDOW),
    );
    this.#first = setTimeout(() => this.#end(codes.NO_ERROR, 'it asked nothing'), limits.firstRequestMs);
    socket.setTimeout(limits.idleMs, () => this.#isTheirTurn() && this.#end(codes.NO_ERROR, 'it is silent'));
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.once('close', () => this.#over());
    socket.once('end', () => socket.end());
    socket.on('error', () => socket.destroy());
    this.outbox.flush();
  }

  once(_event: 'close', act: () => void): void {
    this.#onClose.push(act);
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Takes no more streams, and ends when those that are open have ended (RFC 9113, 6.8). */
  close(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.outbox.push(wordsFrame(codes.GOAWAY, 0, 0, this.#lastId, codes.NO_ERROR));
    this.outbox.flush();
    if (this.#streams.size === 0) this.socket.end();
  }

  answer(stream: Http2Stream, status: number, headers: AnswerHeaders, body: Uint8Array | string | undefined): void {
    const rest = this.outbox.answer(stream, status, headers, body);
    if (rest === 'sent') this.#localEnd(stream);
    else {
      stream.ending = 'data';
      this.pump(stream);
    }
  }

  sendHeaders(stream: Http2Stream, status: number, headers: AnswerHeaders): void {
    this.outbox.headers(stream.id, [':status', String(status), 'date', dateNow(), ...headers], false);
  }

  /** False: enough for now. */
  sendData(stream: Http2Stream, chunk: Buffer): boolean {
    if (chunk.length === 0) return true;
    (stream.waiting ??= []).push(chunk);
    stream.waitingBytes += chunk.length;
    this.pump(stream);
    return stream.waitingBytes === 0;
  }

  /** Sends what waits as far as the windows let it, and then the end. */
  pump(stream: Http2Stream): void {
    if (stream.isOver || stream.isLocalEnded) return;
    if (this.outbox.data(stream)) this.#localEnd(stream);
    if (stream.waitingBytes === 0) stream.drained();
  }

  reset(stream: Http2Stream, code: number): void {
    this.outbox.push(wordsFrame(codes.RST_STREAM, 0, stream.id, code));
    this.#forget(stream, false);
    this.#remember(stream.id, 'by us');
  }

  /** The body of a stream has been read so far: the far side may send as much again. */
  credit(stream: Http2Stream, bytes: number): void {
    this.#creditConnection(bytes);
    if (stream.isOver || stream.isRemoteEnded) return;
    stream.owedBytes += bytes;
    if (stream.owedBytes < STREAM_WINDOW / 2) return;
    stream.receiveWindow += stream.owedBytes;
    this.outbox.push(wordsFrame(codes.WINDOW_UPDATE, 0, stream.id, stream.owedBytes));
    stream.owedBytes = 0;
  }

  #creditConnection(bytes: number): void {
    this.#owed += bytes;
    if (this.#owed < CONNECTION_WINDOW / 2) return;
    this.#receiveWindow += this.#owed;
    this.outbox.push(wordsFrame(codes.WINDOW_UPDATE, 0, 0, this.#owed));
    this.#owed = 0;
  }

  #read(chunk: Buffer): void {
    if (this.#isOver) return;
    this.outbox.hold();
    try {
      this.#reader.read(chunk);
    } catch (error) {
      if (error instanceof ConnectionError) this.#end(error.code, error.message);
      else {
        // A fault of ours ends this connection, and no other.
        this.#end(codes.INTERNAL_ERROR, 'a fault of ours');
        process.emitWarning(errorLine(error));
      }
    } finally {
      this.outbox.flush();
    }
  }

  #takeFrame(type: number, flags: number, id: number, payload: Buffer): void {
    if (this.#isOver) return;
    if (!this.#hasSettings && type !== codes.SETTINGS) throw protocol('the first frame is not SETTINGS');
    if (this.#block !== undefined && (type !== codes.CONTINUATION || id !== this.#block.stream)) {
      throw protocol('a frame within a header block');
    }
    switch (type) {
      case codes.DATA:
        return this.#takeData(flags, id, payload);
      case codes.HEADERS:
        return this.#takeHeaders(flags, id, payload);
      case codes.PRIORITY:
        return this.#takePriority(id, payload);
      case codes.RST_STREAM:
        return this.#takeReset(id, payload);
      case codes.SETTINGS:
        return this.#takeSettings(flags, id, payload);
      case codes.PUSH_PROMISE:
        throw protocol('a client cannot push');
      case codes.PING:
        return this.#takePing(flags, id, payload);
      case codes.GOAWAY:
        if (id !== 0) throw protocol('GOAWAY on a stream');
        if (payload.length < 8) throw new ConnectionError(codes.FRAME_SIZE_ERROR, 'GOAWAY of another length');
        return this.close();
      case codes.WINDOW_UPDATE:
        return this.#takeWindow(id, payload);
      case codes.CONTINUATION:
        return this.#takeContinuation(flags, id, payload);
      default:
        return this.#spend('unknown frames');
    }
  }

  #takeData(flags: number, id: number, payload: Buffer): void {
    if (id === 0) throw protocol('DATA on stream 0');
    const data = withoutPadding(flags, payload);
    this.#receiveWindow -= payload.length;
    if (this.#receiveWindow + this.#owed < 0)
      throw new ConnectionError(codes.FLOW_CONTROL_ERROR, 'more than the window');
    const stream = this.#streams.get(id);
    if (stream === undefined || stream.isRemoteEnded) {
      this.#creditConnection(payload.length);
      return this.#late(id, stream);
    }
    const isEnd = (flags & codes.END_STREAM) !== 0;
    if (payload.length === 0 && !isEnd) this.#spend('empty DATA');
    stream.receiveWindow -= payload.length;
    if (stream.receiveWindow < 0) return this.#streamError(stream, codes.FLOW_CONTROL_ERROR);
    stream.receivedBytes += data.length;
    const { announcedBytes, receivedBytes } = stream;
    if (announcedBytes >= 0 && (receivedBytes > announcedBytes || (isEnd && receivedBytes < announcedBytes))) {
      return this.#streamError(stream, codes.PROTOCOL_ERROR);
    }
    if (payload.length > data.length) this.credit(stream, payload.length - data.length);
    if (data.length > 0) stream.take(data);
    if (isEnd) this.#remoteEnd(stream, undefined);
  }

  #takeHeaders(flags: number, id: number, payload: Buffer): void {
    if (id === 0) throw protocol('HEADERS on stream 0');
    let block = withoutPadding(flags, payload);
    if ((flags & codes.WITH_PRIORITY) !== 0) {
      if (block.length < 5) throw new ConnectionError(codes.FRAME_SIZE_ERROR, 'HEADERS without its priority');
      const dependsOnItself = (block.readUInt32BE(0) & LARGEST_WINDOW) === id;
      block = block.subarray(5);
      if (dependsOnItself) throw protocol('a stream that depends on itself');
    }
    this.#block = { stream: id, flags, parts: [block], bytes: block.length };
    if ((flags & codes.END_HEADERS) !== 0) this.#endBlock();
  }

  #takeContinuation(flags: number, id: number, payload: Buffer): void {
    const block = this.#block;
    if (block === undefined) throw protocol(`CONTINUATION of nothing on stream ${id}`);
    block.parts.push(payload);
    block.bytes += payload.length;
    if (block.bytes > MAX_BLOCK_BYTES) throw new ConnectionError(codes.ENHANCE_YOUR_CALM, 'headers without end');
    if (payload.length === 0) this.#spend('empty CONTINUATION');
    if ((flags & codes.END_HEADERS) !== 0) this.#endBlock();
  }

  #endBlock(): void {
    const { stream: id, flags, parts } = this.#block!;
    this.#block = undefined;
    const list = newHeaderList();
    // Whatever becomes of it, it is decoded: the tables of both sides must stay the same (RFC 9113, 4.3).
    this.#decoder.decode(parts.length === 1 ? parts[0]! : Buffer.concat(parts), list);
    const isEnd = (flags & codes.END_STREAM) !== 0;
    const known = this.#streams.get(id);
    if (known !== undefined) return this.#takeTrailers(known, list, isEnd);
    if (id % 2 === 0) throw protocol('an even stream');
    if (id <= this.#lastId) {
      const closed = this.#closed.get(id);
      if (closed === 'by us') return this.#spend('late headers');
      const isLate = closed !== undefined;
      throw new ConnectionError(isLate ? codes.STREAM_CLOSED : codes.PROTOCOL_ERROR, 'a stream that was there before');
    }
    this.#lastId = id;
    clearTimeout(this.#first);
    const { maxConcurrentStreams, maxHeaderBytes, maxHeaders } = this.#limits;
    if (this.#isLeaving || this.#streams.size >= maxConcurrentStreams) {
      return this.#refuse(id, codes.REFUSED_STREAM, 'streams above the limit');
    }
    if (list.sizeBytes > maxHeaderBytes || list.fields > maxHeaders) {
      return this.#refuse(id, codes.ENHANCE_YOUR_CALM, 'headers above the limit');
    }
    const problem = requestProblem(list);
    if (problem !== undefined || (isEnd && Number(list.headers['content-length'] ?? 0) > 0)) {
      return this.#refuse(id, codes.PROTOCOL_ERROR, problem ?? 'a body that is not there');
    }
    const windows = { receive: STREAM_WINDOW, send: this.#peer.initialWindow };
    const stream = new Http2Stream(this, id, list.headers, isEnd, windows);
    this.#streams.set(id, stream);
    if (list.headers.expect !== undefined) this.outbox.headers(id, [':status', '100'], false);
    this.#onRequest(stream);
  }

  #takeTrailers(stream: Http2Stream, list: ReturnType<typeof newHeaderList>, isEnd: boolean): void {
    if (stream.isRemoteEnded) return this.#streamError(stream, codes.STREAM_CLOSED);
    const hasPseudo = Object.keys(list.headers).some((name) => name.startsWith(':'));
    const isShort = stream.announcedBytes >= 0 && stream.receivedBytes < stream.announcedBytes;
    if (!isEnd || hasPseudo || list.malformed !== undefined || isShort) {
      return this.#streamError(stream, codes.PROTOCOL_ERROR);
    }
    this.#remoteEnd(stream, list.headers);
  }

  #takePriority(id: number, payload: Buffer): void {
    if (id === 0) throw protocol('PRIORITY on stream 0');
    this.#spend('PRIORITY');
    if (payload.length !== 5) return this.#refuse(id, codes.FRAME_SIZE_ERROR, 'PRIORITY of another length');
    if ((payload.readUInt32BE(0) & LARGEST_WINDOW) === id) {
      return this.#refuse(id, codes.PROTOCOL_ERROR, 'a stream that depends on itself');
    }
  }

  #takeReset(id: number, payload: Buffer): void {
    if (payload.length !== 4) throw new ConnectionError(codes.FRAME_SIZE_ERROR, 'RST_STREAM of another length');
    if (id === 0 || id > this.#lastId) throw protocol('RST_STREAM on an idle stream');
    this.#spend('resets');
    const stream = this.#streams.get(id);
    if (stream !== undefined) this.#forget(stream, false);
  }

  #takeSettings(flags: number, id: number, payload: Buffer): void {
    if (id !== 0) throw protocol('SETTINGS on a stream');
    const isAck = (flags & codes.ACK) !== 0;
    if (payload.length % 6 !== 0 || (isAck && payload.length > 0)) {
      throw new ConnectionError(codes.FRAME_SIZE_ERROR, 'SETTINGS of another length');
    }
    this.#hasSettings = true;
    if (isAck) return;
    this.#spend('SETTINGS');
    const grown = applySettings(this.#peer, payload);
    for (const stream of this.#streams.values()) {
      stream.sendWindow += grown;
      if (stream.sendWindow > LARGEST_WINDOW) throw new ConnectionError(codes.FLOW_CONTROL_ERROR, 'a window too large');
    }
    this.outbox.push(wordsFrame(codes.SETTINGS, codes.ACK, 0));
    if (grown > 0) this.#pumpAll();
  }

  #takePing(flags: number, id: number, payload: Buffer): void {
    if (id !== 0) throw protocol('PING on a stream');
    if (payload.length !== 8) throw new ConnectionError(codes.FRAME_SIZE_ERROR, 'PING of another length');
    if ((flags & codes.ACK) !== 0) return;
    this.#spend('PING');
    clearTimeout(this.#first);
    this.outbox.push(bytesFrame(codes.PING, codes.ACK, 0, payload));
  }

  #takeWindow(id: number, payload: Buffer): void {
    if (payload.length !== 4) throw new ConnectionError(codes.FRAME_SIZE_ERROR, 'WINDOW_UPDATE of another length');
    const bytes = payload.readUInt32BE(0) & LARGEST_WINDOW;
    if (id > this.#lastId) throw protocol('WINDOW_UPDATE on an idle stream');
    if (id === 0) {
      if (bytes === 0) throw protocol('an increment of 0');
      this.outbox.window += bytes;
      if (this.outbox.window > LARGEST_WINDOW)
        throw new ConnectionError(codes.FLOW_CONTROL_ERROR, 'a window too large');
      this.#pumpAll();
      return;
    }
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    if (bytes === 0) return this.#streamError(stream, codes.PROTOCOL_ERROR);
    stream.sendWindow += bytes;
    if (stream.sendWindow > LARGEST_WINDOW) return this.#streamError(stream, codes.FLOW_CONTROL_ERROR);
    if (stream.waiting !== undefined) this.pump(stream);
  }

  #pumpAll(): void {
    for (const stream of this.#streams.values()) if (stream.waiting !== undefined) this.pump(stream);
  }

  /** DATA on a stream that takes none any more. */
  #late(id: number, stream: Http2Stream | undefined): void {
    if (id > this.#lastId) throw protocol('DATA on an idle stream');
    if (stream === undefined) {
      if (this.#closed.get(id) !== 'by us') this.#refuse(id, codes.STREAM_CLOSED, 'DATA on a closed stream');
    } else this.#streamError(stream, codes.STREAM_CLOSED);
  }

  #streamError(stream: Http2Stream, code: number): void {
    this.#spend('malformed streams');
    this.reset(stream, code);
  }

  /** Resets a stream that never was. */
  #refuse(id: number, code: number, reason: string): void {
    this.#onRefused(reason);
    this.#spend(reason);
    this.#remember(id, 'by us');
    this.outbox.push(wordsFrame(codes.RST_STREAM, 0, id, code));
  }

  #spend(what: string): void {
    if (!this.#budget.take()) throw new ConnectionError(codes.ENHANCE_YOUR_CALM, `a flood of ${what}`);
  }

  #remoteEnd(stream: Http2Stream, trailers: Parameters<Http2Stream['takeEnd']>[0]): void {
    stream.takeEnd(trailers);
    // It may have been answered in the same breath.
    if (stream.isLocalEnded && !stream.isOver) this.#forget(stream, true);
  }

  #localEnd(stream: Http2Stream): void {
    stream.isLocalEnded = true;
    if (stream.isRemoteEnded) this.#forget(stream, true);
    else if (!stream.isTunnel) stream.dropBody();
  }

  #forget(stream: Http2Stream, isWhole: boolean): void {
    this.#streams.delete(stream.id);
    this.#remember(stream.id, 'whole');
    stream.over(isWhole);
    if (this.#isLeaving && this.#streams.size === 0) this.outbox.end();
  }

  #remember(id: number, how: 'by us' | 'whole'): void {
    this.#closed.set(id, how);
    if (this.#closed.size <= REMEMBERED) return;
    const [oldest] = this.#closed.keys();
    this.#closed.delete(oldest!);
  }

  /** Half a header block, half a body, an answer it does not read, or nothing at all. */
  #isTheirTurn(): boolean {
    if (this.#streams.size === 0 || this.#block !== undefined || this.#reader.isWithin) return true;
    const waits = ({ isTunnel, isRemoteEnded, waitingBytes }: Http2Stream): boolean =>
      !isTunnel && (!isRemoteEnded || waitingBytes > 0);
    return [...this.#streams.values()].some(waits) || this.socket.writableLength > 0;
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    if (code !== codes.NO_ERROR || this.#streams.size > 0) this.#onRefused(reason);
    this.outbox.push(wordsFrame(codes.GOAWAY, 0, 0, this.#lastId, code));
    this.outbox.end();
    this.#over();
    // What it still sends is read and dropped for a while: closing on it would take back what we said.
    this.socket.resume();
    const cut = setTimeout(() => this.socket.destroy(), LINGER_MS);
    this.socket.once('close', () => clearTimeout(cut));
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#first);
    this.outbox.close();
    for (const stream of this.#streams.values()) stream.over(false);
    this.#streams.clear();
    for (const act of this.#onClose) act();
  }
}

const protocol = (what: string): ConnectionError => new ConnectionError(codes.PROTOCOL_ERROR, what);

/** RFC 9113, 6.1. */
function withoutPadding(flags: number, payload: Buffer): Buffer {
  if ((flags & codes.PADDED) === 0) return payload;
  const padding = payload[0];
  if (padding === undefined || padding >= payload.length) throw protocol('more padding than payload');
  return payload.subarray(1, payload.length - padding);
}
