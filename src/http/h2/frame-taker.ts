import * as codes from './codes.ts';
import { ConnectionError, protocolError } from './codes.ts';
import type { Http2Connection } from './connection.ts';
import { bytesFrame } from './frame.ts';
import { HeaderBlocks } from './header-blocks.ts';
import { applySettings } from './peer-settings.ts';
import type { Requests } from './requests.ts';

const LARGEST_WINDOW = 2 ** 31 - 1;
/** Who lets less of what waits for him come at a time makes a frame of ours of nearly nothing (CVE-2019-9511). */
const LEAST_WINDOW = 64;

/** What each frame of a client does (RFC 9113, 6). Throws what ends the connection. */
export class FrameTaker {
  readonly #connection: Http2Connection;
  readonly #requests: Requests;
  readonly #blocks = new HeaderBlocks();
  #hasSettings = false;
  /** Frames taken so far; a header section counts as one. */
  count = 0;

  constructor(connection: Http2Connection, requests: Requests) {
    this.#connection = connection;
    this.#requests = requests;
  }

  /** A header section has come in part. */
  get isWithin(): boolean {
    return this.#blocks.within !== undefined;
  }

  take(type: number, flags: number, id: number, payload: Buffer): void {
    if (!this.#hasSettings && type !== codes.SETTINGS) throw protocolError('the first frame is not SETTINGS');
    const { within } = this.#blocks;
    if (within === undefined) this.count += 1;
    else if (type !== codes.CONTINUATION || id !== within) {
      throw protocolError('a frame within a header block');
    }
    switch (type) {
      case codes.DATA:
        return this.#requests.takeData(flags, id, payload);
      case codes.HEADERS:
        return this.#takeBlock(this.#blocks.begin(flags, id, payload));
      case codes.PRIORITY:
        return this.#takePriority(id, payload);
      case codes.RST_STREAM:
        return this.#takeReset(id, payload);
      case codes.SETTINGS:
        return this.#takeSettings(flags, id, payload);
      case codes.PUSH_PROMISE:
        throw protocolError('a client cannot push');
      case codes.PING:
        return this.#takePing(flags, id, payload);
      case codes.GOAWAY:
        if (id !== 0) throw protocolError('GOAWAY on a stream');
        if (payload.length < 8) throw wrongSize('GOAWAY');
        return this.#connection.close();
      case codes.WINDOW_UPDATE:
        return this.#takeWindow(id, payload);
      case codes.CONTINUATION:
        if (payload.length === 0) this.#connection.spend('empty CONTINUATION');
        return this.#takeBlock(this.#blocks.goOn(flags, id, payload));
      default:
        return this.#connection.spend('unknown frames');
    }
  }

  #takeBlock(block: ReturnType<HeaderBlocks['begin']>): void {
    if (block !== undefined) this.#requests.takeHeaders(block);
  }

  #takePriority(id: number, payload: Buffer): void {
    if (id === 0) throw protocolError('PRIORITY on stream 0');
    const connection = this.#connection;
    connection.spend('PRIORITY');
    if (payload.length !== 5) return connection.refuse(id, codes.FRAME_SIZE_ERROR, 'PRIORITY of another length');
    if ((payload.readUInt32BE(0) & LARGEST_WINDOW) === id) {
      connection.refuse(id, codes.PROTOCOL_ERROR, 'a stream that depends on itself');
    }
  }

  #takeReset(id: number, payload: Buffer): void {
    if (payload.length !== 4) throw wrongSize('RST_STREAM');
    const connection = this.#connection;
    if (id === 0 || id > connection.streams.lastId) throw protocolError('RST_STREAM on an idle stream');
    connection.spend('resets');
    const stream = connection.streams.get(id);
    if (stream !== undefined) connection.forget(stream, false);
  }

  #takeSettings(flags: number, id: number, payload: Buffer): void {
    if (id !== 0) throw protocolError('SETTINGS on a stream');
    const isAck = (flags & codes.ACK) !== 0;
    if (payload.length % 6 !== 0 || (isAck && payload.length > 0)) throw wrongSize('SETTINGS');
    this.#hasSettings = true;
    if (isAck) return;
    const connection = this.#connection;
    connection.spend('SETTINGS');
    const grown = applySettings(connection.peer, payload);
    for (const stream of connection.streams.open.values()) {
      stream.sendWindow += grown;
      if (stream.sendWindow > LARGEST_WINDOW) throw tooLarge();
    }
    connection.outbox.words(codes.SETTINGS, codes.ACK, 0);
    if (grown > 0) connection.pumpAll();
  }

  #takePing(flags: number, id: number, payload: Buffer): void {
    if (id !== 0) throw protocolError('PING on a stream');
    if (payload.length !== 8) throw wrongSize('PING');
    if ((flags & codes.ACK) !== 0) return;
    this.#connection.spend('PING');
    this.#connection.hasAsked();
    this.#connection.outbox.push(bytesFrame(codes.PING, codes.ACK, 0, payload));
  }

  #takeWindow(id: number, payload: Buffer): void {
    if (payload.length !== 4) throw wrongSize('WINDOW_UPDATE');
    const connection = this.#connection;
    const { streams, outbox } = connection;
    const bytes = payload.readUInt32BE(0) & LARGEST_WINDOW;
    if (id > streams.lastId) throw protocolError('WINDOW_UPDATE on an idle stream');
    if (id === 0) {
      if (bytes === 0) throw protocolError('an increment of 0');
      const wasOpen = outbox.window > 0;
      outbox.window += bytes;
      if (outbox.window > LARGEST_WINDOW) throw tooLarge();
      // What waits for the window of its stream is not helped.
      if (wasOpen) return;
      if (bytes < LEAST_WINDOW) connection.spend('small windows');
      return connection.pumpAll();
    }
    const stream = streams.get(id);
    if (stream === undefined) return;
    if (bytes === 0) return connection.streamError(stream, codes.PROTOCOL_ERROR);
    stream.sendWindow += bytes;
    if (stream.sendWindow > LARGEST_WINDOW) return connection.streamError(stream, codes.FLOW_CONTROL_ERROR);
    if (stream.waitingBytes > 0 && bytes < LEAST_WINDOW) connection.spend('small windows');
    if (stream.waiting !== undefined) connection.pump(stream);
  }
}

const wrongSize = (frame: string): ConnectionError =>
  new ConnectionError(codes.FRAME_SIZE_ERROR, `${frame} of another length`);
const tooLarge = (): ConnectionError => new ConnectionError(codes.FLOW_CONTROL_ERROR, 'a window too large');
