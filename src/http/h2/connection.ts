import type { Socket } from 'node:net';
import type { AnswerHeaders } from '../exchange.ts';
import { errorLine } from '../../fault.ts';
import { noteChunk } from '../../wire/young-garbage.ts';
import { LINGER_MS } from '../linger.ts';
import { Budget } from './budget.ts';
import * as codes from './codes.ts';
import { ConnectionError } from './codes.ts';
import { settingsFrame } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { FrameTaker } from './frame-taker.ts';
import { Outbox } from './outbox.ts';
import { PeerSettings } from './peer-settings.ts';
import { CONNECTION_WINDOW, Requests, type RequestLimits } from './requests.ts';
import { STREAM_WINDOW, type Http2Stream } from './stream.ts';
import { Streams } from './streams.ts';

export interface Http2Limits extends RequestLimits {
  /** From the beginning to the first stream or PING, and for a frame or a header section to be whole; silence when it is the far side's turn; in ms. */
  readonly firstRequestMs: number;
  readonly idleMs: number;
}

/** RFC 9113, 6.5.2 and RFC 8441, 3. */
const [MAX_CONCURRENT_STREAMS, MAX_HEADER_LIST_SIZE, ENABLE_CONNECT_PROTOCOL] = [3, 6, 8];

/**
 * The server's side of one connection of HTTP/2 (RFC 9113): its life, and what its streams send. Nothing it is sent makes it throw:
 * what is wrong ends it, with a code.
 */
export class Http2Connection {
  readonly socket: Socket;
  readonly outbox: Outbox;
  readonly streams = new Streams();
  readonly peer = new PeerSettings();
  /** It takes no more streams. */
  isLeaving = false;
  readonly #onRefused: (reason: string) => void;
  readonly #reader: FrameReader;
  readonly #taker: FrameTaker;
  readonly #requests: Requests;
  readonly #budget = new Budget();
  readonly #first: NodeJS.Timeout;
  readonly #partMs: number;
  #part: NodeJS.Timeout | undefined;
  #isOver = false;
  #onClose: (() => void)[] = [];

  constructor(
    socket: Socket,
    limits: Http2Limits,
    onRequest: (stream: Http2Stream) => void,
    onRefused: (reason: string) => void,
  ) {
    this.socket = socket;
    this.#onRefused = onRefused;
    this.outbox = new Outbox(socket, this.peer, () => this.streams.open.values());
    this.#requests = new Requests(this, limits, onRequest);
    this.#taker = new FrameTaker(this, this.#requests);
    this.#reader = new FrameReader((type, flags, stream, payload) => {
      if (!this.#isOver) this.#taker.take(type, flags, stream, payload);
    });
    this.outbox.push(
      settingsFrame(codes.SETTINGS, [
        [MAX_CONCURRENT_STREAMS, limits.maxConcurrentStreams],
        [MAX_HEADER_LIST_SIZE, limits.maxHeaderBytes],
        [ENABLE_CONNECT_PROTOCOL, 1],
      ]),
    );
    this.outbox.words(codes.WINDOW_UPDATE, 0, 0, CONNECTION_WINDOW - STREAM_WINDOW);
    this.#partMs = limits.firstRequestMs;
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
    if (this.isLeaving) return;
    this.isLeaving = true;
    this.outbox.words(codes.GOAWAY, 0, 0, this.streams.lastId, codes.NO_ERROR);
    this.outbox.flush();
    if (this.streams.open.size === 0) this.socket.end();
  }

  answer(stream: Http2Stream, status: number, headers: AnswerHeaders, body: Uint8Array | string | undefined): void {
    const rest = this.outbox.answer(stream, status, headers, body);
    if (rest === 'sent') this.#localEnd(stream);
    else {
      stream.ending = 'data';
      this.pump(stream);
    }
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

  pumpAll(): void {
    for (const stream of this.streams.open.values()) if (stream.waiting !== undefined) this.pump(stream);
  }

  /** The body of a stream has been read so far: the far side may send as much again. */
  credit(stream: Http2Stream, bytes: number): void {
    this.#requests.giveBack(bytes);
    if (stream.isOver || stream.isRemoteEnded) return;
    const back = stream.receiveWindow.giveBack(bytes);
    if (back > 0) this.outbox.words(codes.WINDOW_UPDATE, 0, stream.id, back);
  }

  reset(stream: Http2Stream, code: number): void {
    this.outbox.words(codes.RST_STREAM, 0, stream.id, code);
    this.forget(stream, false);
    this.streams.remember(stream.id, 'by us');
  }

  /** A stream that breaks a rule. */
  streamError(stream: Http2Stream, code: number): void {
    this.spend('malformed streams');
    this.reset(stream, code);
  }

  /** Resets a stream that never was. */
  refuse(id: number, code: number, reason: string): void {
    this.#onRefused(reason);
    this.spend(reason);
    this.streams.remember(id, 'by us');
    this.outbox.words(codes.RST_STREAM, 0, id, code);
  }

  /** For what brings nothing. Throws when there was too much of it. */
  spend(what: string): void {
    if (!this.#budget.take()) throw new ConnectionError(codes.ENHANCE_YOUR_CALM, `a flood of ${what}`);
  }

  /** The time for a first request is over, for there was one. */
  hasAsked(): void {
    clearTimeout(this.#first);
  }

  forget(stream: Http2Stream, isWhole: boolean): void {
    this.streams.close(stream, isWhole);
    if (this.isLeaving && this.streams.open.size === 0) this.outbox.end();
  }

  #localEnd(stream: Http2Stream): void {
    stream.isLocalEnded = true;
    if (stream.isRemoteEnded) this.forget(stream, true);
    else if (!stream.isTunnel) stream.dropBody();
  }

  #read(chunk: Buffer): void {
    if (this.#isOver) return;
    noteChunk(chunk);
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
    if (this.#part === undefined && this.#isWithinPart) this.#watchPart();
  }

  get #isWithinPart(): boolean {
    return !this.#isOver && (this.#taker.isWithin || this.#reader.isWithinControl);
  }

  /** A byte now and then is no silence: what has begun must be whole in time. */
  #watchPart(): void {
    const { count } = this.#taker;
    this.#part = setTimeout(() => {
      this.#part = undefined;
      if (!this.#isWithinPart) return;
      if (this.#taker.count === count) this.#end(codes.ENHANCE_YOUR_CALM, 'a frame that does not end');
      else this.#watchPart();
    }, this.#partMs);
  }

  /** Half a header block, half a body, an answer it does not read, or nothing at all. */
  #isTheirTurn(): boolean {
    const { open } = this.streams;
    if (open.size === 0 || this.#taker.isWithin || this.#reader.isWithin) return true;
    const waits = ({ isTunnel, isRemoteEnded, waitingBytes }: Http2Stream): boolean =>
      !isTunnel && (!isRemoteEnded || waitingBytes > 0);
    return open.values().some(waits) || this.socket.writableLength > 0;
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    if (code !== codes.NO_ERROR || this.streams.open.size > 0) this.#onRefused(reason);
    this.outbox.words(codes.GOAWAY, 0, 0, this.streams.lastId, code);
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
    clearTimeout(this.#part);
    this.outbox.close();
    this.streams.closeAll();
    for (const act of this.#onClose) act();
  }
}
