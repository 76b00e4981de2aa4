import { requestProblem, type HeaderList } from '../header-list.ts';
import * as codes from './codes.ts';
import { ConnectionError, protocolError } from './codes.ts';
import type { Http2Connection } from './connection.ts';
import type { HeaderBlock } from './header-blocks.ts';
import { withoutPadding } from './padding.ts';
import { ReceiveWindow } from './receive-window.ts';
import { Http2Stream } from './stream.ts';

export interface RequestLimits {
  readonly maxConcurrentStreams: number;
  readonly maxHeaderBytes: number;
  readonly maxHeaders: number;
}

/** What a connection may send before it is read. */
export const CONNECTION_WINDOW = 1_048_576;

/** Makes streams of header sections, and gives them their bodies (RFC 9113, 8.1). Throws what ends the connection. */
export class Requests {
  readonly #connection: Http2Connection;
  readonly #limits: RequestLimits;
  readonly #onRequest: (stream: Http2Stream) => void;
  readonly #received = new ReceiveWindow(CONNECTION_WINDOW);

  constructor(connection: Http2Connection, limits: RequestLimits, onRequest: (stream: Http2Stream) => void) {
    this.#connection = connection;
    this.#limits = limits;
    this.#onRequest = onRequest;
  }

  takeHeaders({ stream: id, isEnd, list }: HeaderBlock): void {
    const connection = this.#connection;
    const { streams } = connection;
    const known = streams.get(id);
    if (known !== undefined) return this.#takeTrailers(known, list, isEnd);
    if (id % 2 === 0) throw protocolError('an even stream');
    if (id <= streams.lastId) {
      const closed = streams.howClosed(id);
      if (closed === 'by us') return connection.spend('late headers');
      const isLate = closed !== undefined;
      throw new ConnectionError(isLate ? codes.STREAM_CLOSED : codes.PROTOCOL_ERROR, 'a stream that was there before');
    }
    streams.lastId = id;
    connection.hasAsked();
    const { maxConcurrentStreams, maxHeaderBytes, maxHeaders } = this.#limits;
    if (connection.isLeaving || streams.open.size >= maxConcurrentStreams) {
      return connection.refuse(id, codes.REFUSED_STREAM, 'streams above the limit');
    }
    if (list.sizeBytes > maxHeaderBytes || list.fields > maxHeaders) {
      return connection.refuse(id, codes.ENHANCE_YOUR_CALM, 'headers above the limit');
    }
    const { headers } = list;
    const problem = requestProblem(list);
    if (problem !== undefined || (isEnd && Number(headers['content-length'] ?? 0) > 0)) {
      return connection.refuse(id, codes.PROTOCOL_ERROR, problem ?? 'a body that is not there');
    }
    const stream = new Http2Stream(connection, id, headers, isEnd, connection.peer.initialWindow);
    streams.open.set(id, stream);
    if (headers.expect !== undefined) connection.outbox.headers(id, [':status', '100'], false);
    this.#onRequest(stream);
  }

  takeData(flags: number, id: number, payload: Buffer): void {
    if (id === 0) throw protocolError('DATA on stream 0');
    const connection = this.#connection;
    const data = withoutPadding(flags, payload);
    if (!this.#received.take(payload.length)) {
      throw new ConnectionError(codes.FLOW_CONTROL_ERROR, 'more than the window');
    }
    const stream = connection.streams.get(id);
    if (stream === undefined || stream.isRemoteEnded) {
      this.giveBack(payload.length);
      return this.#late(id, stream);
    }
    const isEnd = (flags & codes.END_STREAM) !== 0;
    if (payload.length === 0 && !isEnd) connection.spend('empty DATA');
    if (!stream.receiveWindow.take(payload.length)) return this.#streamError(stream, codes.FLOW_CONTROL_ERROR);
    stream.receivedBytes += data.length;
    const { announcedBytes, receivedBytes } = stream;
    if (announcedBytes >= 0 && (receivedBytes > announcedBytes || (isEnd && receivedBytes < announcedBytes))) {
      return this.#streamError(stream, codes.PROTOCOL_ERROR);
    }
    if (payload.length > data.length) connection.credit(stream, payload.length - data.length);
    if (data.length > 0) stream.take(data);
    if (isEnd) this.#remoteEnd(stream, undefined);
  }

  /** So much of what came on the connection has been read. */
  giveBack(bytes: number): void {
    const back = this.#received.giveBack(bytes);
    if (back > 0) this.#connection.outbox.words(codes.WINDOW_UPDATE, 0, 0, back);
  }

  #takeTrailers(stream: Http2Stream, list: HeaderList, isEnd: boolean): void {
    if (stream.isRemoteEnded) return this.#streamError(stream, codes.STREAM_CLOSED);
    const hasPseudo = Object.keys(list.headers).some((name) => name.startsWith(':'));
    const isShort = stream.announcedBytes >= 0 && stream.receivedBytes < stream.announcedBytes;
    if (!isEnd || hasPseudo || list.malformed !== undefined || isShort) {
      return this.#streamError(stream, codes.PROTOCOL_ERROR);
    }
    this.#remoteEnd(stream, list.headers);
  }

  #remoteEnd(stream: Http2Stream, trailers: Parameters<Http2Stream['takeEnd']>[0]): void {
    stream.takeEnd(trailers);
    // It may have been answered in the same breath.
    if (stream.isLocalEnded && !stream.isOver) this.#connection.forget(stream, true);
  }

  /** DATA on a stream that takes none any more. */
  #late(id: number, stream: Http2Stream | undefined): void {
    const { streams } = this.#connection;
    if (id > streams.lastId) throw protocolError('DATA on an idle stream');
    if (stream !== undefined) this.#streamError(stream, codes.STREAM_CLOSED);
    else if (streams.howClosed(id) !== 'by us') {
      this.#connection.refuse(id, codes.STREAM_CLOSED, 'DATA on a closed stream');
    }
  }

  #streamError(stream: Http2Stream, code: number): void {
    this.#connection.streamError(stream, code);
  }
}
