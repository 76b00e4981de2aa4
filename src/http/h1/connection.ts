import type { Socket } from 'node:net';
import type { ExchangeHandler } from '../../front-door/door.ts';
import { refuseExchange } from '../status-of-fault.ts';
import { HeadReader, type HeadLimits, type SimpleHead } from './head-reader.ts';
import { Http1Turn } from './turn.ts';

export interface Http1Limits extends HeadLimits {
  /** For a head to come, for a whole request, and of silence between requests and of a far side that reads nothing, in ms. */
  readonly firstRequestMs: number;
  readonly requestMs: number;
  readonly idleMs: number;
}

/** Who serves the requests of all connections of a door. */
export interface Http1Host {
  readonly limits: Http1Limits;
  /** The fields that say how long a connection is kept, so that no client asks on one that is about to close. */
  readonly keepAlive: string;
  /** A clock in ms that need not be finer than a second. */
  readonly now: () => number;
  /** Who serves this target; undefined: node:http is to have it. */
  find(target: string): ExchangeHandler | undefined;
  /** Calls a handler, and `onThrown` should it throw. */
  run(act: () => void, onThrown: () => void): void;
  /** Takes a connection from here on; the bytes have been read and not been used. */
  handOver(socket: Socket, bytes: Buffer): void;
  /** Refuses what did not come in time, and closes. */
  tooSlow(socket: Socket): void;
}

/** Bytes of further requests that wait for their turn, and of a body nobody has read; with more, nothing more is read. */
const MAX_UNREAD_BYTES = 65_536;
/** Bytes the socket may hold before a next request is read: who does not read his answers asks nothing more. */
const HIGH_WATER_BYTES = 262_144;
/** Parts a head may come in; one in more is for a parser that keeps its place. */
const MAX_HEAD_PARTS = 4;
/** Bodies above this are not copied to leave in one piece with their heads. */
const MAX_COPIED_BYTES = 32_768;

/**
 * One connection of HTTP/1.1 (RFC 9112) as long as its requests are simple: they are read, served and answered without the objects
 * node:http makes. At the first that is not, the connection goes to node:http with all that has not been used.
 */
export class Http1Connection {
  readonly socket: Socket;
  /** Called once: it has closed, or is with node:http now. */
  onLeft: () => void = () => undefined;
  readonly #host: Http1Host;
  readonly #heads: HeadReader;
  #turn: Http1Turn | undefined;
  #bodyLeft = 0;
  #rest: Buffer | undefined;
  #headParts = 0;
  #unreadBytes = 0;
  #frames: Buffer[] = [];
  #isHeld = false;
  #isWorking = false;
  #isLast = false;
  #hasAsked = false;
  #isGone = false;
  #since: number;
  /** Bytes the far side had taken when it was last looked at, and since when. */
  #taken = 0;
  #takenSince: number;
  #onDrain: (() => void)[] = [];

  constructor(socket: Socket, host: Http1Host) {
    this.socket = socket;
    this.#host = host;
    this.#heads = new HeadReader(host.limits);
    this.#since = this.#takenSince = host.now();
    socket.on('data', this.#onData);
    socket.on('drain', this.#onSocketDrain);
    socket.on('close', this.#onClose);
  }

  /** What an answer says about the connection. */
  get wish(): string {
    return this.#isLast ? 'connection: close\r\n' : this.#host.keepAlive;
  }

  get waitingBytes(): number {
    return this.socket.writableLength;
  }

  get isFull(): boolean {
    return this.socket.writableNeedDrain;
  }

  onDrain(act: () => void): void {
    this.#onDrain.push(act);
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Takes no more requests; one that is under way gets its answer. */
  close(): void {
    this.#isLast = true;
    if (this.#turn === undefined) this.socket.destroySoon();
  }

  /** Called every second: ends what has been silent for too long. */
  check(): void {
    const { limits } = this.#host;
    const now = this.#host.now();
    const taken = this.socket.bytesWritten - this.socket.writableLength;
    if (taken !== this.#taken || this.socket.writableLength === 0) {
      this.#taken = taken;
      this.#takenSince = now;
    } else if (now - this.#takenSince > limits.idleMs) return void this.socket.destroy();
    const silentMs = now - this.#since;
    if (this.#turn !== undefined) {
      if (this.#bodyLeft > 0 && silentMs > limits.requestMs) this.#refuse();
    } else if (this.#rest !== undefined || !this.#hasAsked) {
      if (silentMs > limits.firstRequestMs) this.#refuse();
    } else if (silentMs > limits.idleMs) this.socket.destroySoon();
  }

  /** Called by the turn: sends these together. */
  send(head: string, body: Uint8Array | string, tail = ''): void {
    if (this.#isGone || this.socket.destroyed) return;
    if (typeof body !== 'string' && body.length > MAX_COPIED_BYTES) {
      if (head !== '') this.#frames.push(Buffer.from(head, 'latin1'));
      this.#frames.push(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
      if (tail !== '') this.#frames.push(Buffer.from(tail, 'latin1'));
    } else {
      const bodyBytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
      const frame = Buffer.allocUnsafe(head.length + bodyBytes + tail.length);
      frame.write(head, 'latin1');
      if (typeof body !== 'string') frame.set(body, head.length);
      else if (bodyBytes > 0) frame.write(body, head.length);
      if (tail !== '') frame.write(tail, head.length + bodyBytes, 'latin1');
      this.#frames.push(frame);
    }
    if (!this.#isHeld) this.#flush();
  }

  /** Called by the turn: a part of a body waits to be read. */
  unread(bytes: number): void {
    this.#unreadBytes += bytes;
    if (this.#unreadBytes > MAX_UNREAD_BYTES) this.socket.pause();
  }

  /** Called by the turn: it has been read. */
  credit(bytes: number): void {
    const wasFull = this.#unreadBytes > MAX_UNREAD_BYTES;
    this.#unreadBytes -= bytes;
    if (wasFull && this.#unreadBytes <= MAX_UNREAD_BYTES) this.socket.resume();
  }

  /** Called by the turn: its answer has been sent. What is left of its body is read first. */
  answered(turn: Http1Turn): void {
    if (turn !== this.#turn || this.#bodyLeft > 0) return;
    this.#next();
    if (!this.#isWorking) this.#goOn();
  }

  readonly #onData = (chunk: Buffer): void => {
    const rest = this.#rest;
    this.#rest = undefined;
    this.#work(rest === undefined ? chunk : Buffer.concat([rest, chunk]));
  };

  #goOn(): void {
    const rest = this.#rest;
    if (rest === undefined || this.#isGone) return;
    this.#rest = undefined;
    if (this.socket.isPaused()) this.socket.resume();
    this.#work(rest);
  }

  /** All requests of a chunk in one pass, and their answers in one write. */
  #work(bytes: Buffer): void {
    this.#isHeld = this.#isWorking = true;
    let at = 0;
    while (at < bytes.length && !this.#isGone) {
      if (this.#turn !== undefined && this.#bodyLeft > 0) at += this.#takeBody(this.#turn, bytes, at);
      else if (this.#turn !== undefined || this.socket.writableLength > HIGH_WATER_BYTES) {
        this.#keep(bytes, at);
        break;
      } else if (this.#isLast) break;
      else {
        const used = this.#takeHead(bytes, at);
        if (used === 0) break;
        at += used;
      }
    }
    this.#isWorking = false;
    this.#flush();
  }

  /** Returns how many bytes were used; 0: no more of them are to be read now. */
  #takeHead(bytes: Buffer, at: number): number {
    const head = this.#heads.read(bytes, at);
    if (head === 'more' && this.#headParts < MAX_HEAD_PARTS) {
      if (this.#headParts === 0) this.#since = this.#host.now();
      this.#headParts += 1;
      this.#rest = Buffer.from(bytes.subarray(at));
      return 0;
    }
    const serve = typeof head === 'string' ? undefined : this.#host.find(head.target);
    if (typeof head === 'string' || serve === undefined) {
      this.#handOver(bytes.subarray(at));
      return 0;
    }
    this.#begin(head, serve);
    return head.headBytes;
  }

  #begin(head: SimpleHead, serve: ExchangeHandler): void {
    this.#headParts = 0;
    this.#hasAsked = true;
    this.#since = this.#host.now();
    this.#bodyLeft = head.bodyBytes;
    this.#isLast ||= head.isLast;
    const turn = new Http1Turn(this, head);
    this.#turn = turn;
    this.#host.run(
      () => serve(turn),
      () => (turn.isAnswered ? turn.abort() : refuseExchange(turn, undefined)),
    );
  }

  #takeBody(turn: Http1Turn, bytes: Buffer, at: number): number {
    const part = bytes.subarray(at, at + this.#bodyLeft);
    this.#bodyLeft -= part.length;
    turn.take(part);
    if (this.#bodyLeft === 0) {
      const wasOver = turn.isOver;
      turn.takeEnd();
      if (wasOver) this.#next();
    }
    return part.length;
  }

  #next(): void {
    this.#turn = undefined;
    this.#since = this.#host.now();
    if (!this.#isLast) return;
    this.#flush();
    this.socket.destroySoon();
  }

  #keep(bytes: Buffer, at: number): void {
    this.#rest = Buffer.from(bytes.subarray(at));
    if (this.#rest.length > MAX_UNREAD_BYTES || this.#turn === undefined) this.socket.pause();
  }

  #flush(): void {
    this.#isHeld = false;
    const frames = this.#frames;
    if (frames.length === 0) return;
    this.#frames = [];
    if (frames.length === 1) this.socket.write(frames[0]!);
    else {
      this.socket.cork();
      for (const frame of frames) this.socket.write(frame);
      this.socket.uncork();
    }
  }

  readonly #onSocketDrain = (): void => {
    const acts = this.#onDrain;
    this.#onDrain = [];
    for (const act of acts) act();
    if (this.#turn === undefined) this.#goOn();
  };

  readonly #onClose = (): void => {
    this.#isGone = true;
    const turn = this.#turn;
    this.#turn = undefined;
    turn?.over();
    for (const act of this.#onDrain) act();
    this.onLeft();
  };

  #leave(): void {
    this.#isGone = true;
    this.#rest = undefined;
    this.socket.off('data', this.#onData);
    this.socket.off('drain', this.#onSocketDrain);
    this.socket.off('close', this.#onClose);
    this.onLeft();
  }

  #handOver(bytes: Buffer): void {
    this.#flush();
    this.socket.pause();
    this.#leave();
    this.#host.handOver(this.socket, bytes);
  }

  #refuse(): void {
    const turn = this.#turn;
    // Within an answer there is no place for another.
    if (turn?.isAnswered === true) return turn.abort();
    this.#leave();
    turn?.over();
    this.#host.tooSlow(this.socket);
  }
}
