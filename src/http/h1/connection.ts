import type { Socket } from 'node:net';
import type { ExchangeHandler } from '../../front-door/door.ts';
import { noteChunk } from '../../wire/young-garbage.ts';
import { mayTakeMs } from '../body-time.ts';
import { refuseExchange } from '../status-of-fault.ts';
import { HeadReader, type SimpleHead } from './head-reader.ts';
import type { Http1Host } from './host.ts';
import { Outbox } from './outbox.ts';
import { TakenBytes } from './taken-bytes.ts';
import { Http1Turn } from './turn.ts';

/** Bytes of further requests that wait for their turn, and of a body nobody has read; with more, nothing more is read. */
const MAX_UNREAD_BYTES = 65_536;
/** Bytes the socket may hold before a next request is read: who does not read his answers asks nothing more. */
const HIGH_WATER_BYTES = 262_144;
/** Parts a head may come in; one in more is for a parser that keeps its place. */
const MAX_HEAD_PARTS = 4;

/**
 * One connection of HTTP/1.1 (RFC 9112) as long as its requests are simple: they are read, served and answered without the objects
 * node:http makes. At the first that is not, the connection goes to node:http with all that has not been used.
 */
export class Http1Connection {
  readonly socket: Socket;
  readonly outbox: Outbox;
  /** Called once: it has closed, or is with node:http now. */
  onLeft: () => void = () => undefined;
  readonly #host: Http1Host;
  readonly #heads: HeadReader;
  readonly #taken: TakenBytes;
  #turn: Http1Turn | undefined;
  #bodyLeft = 0;
  #rest: Buffer | undefined;
  #headParts = 0;
  #unreadBytes = 0;
  #isWorking = false;
  #isLast = false;
  #hasAsked = false;
  #isGone = false;
  #since: number;
  #onDrain: (() => void)[] = [];

  constructor(socket: Socket, host: Http1Host) {
    this.socket = socket;
    this.#host = host;
    this.#heads = new HeadReader(host.limits);
    this.outbox = new Outbox(socket);
    this.#since = host.now();
    this.#taken = new TakenBytes(socket, this.#since);
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
    if (this.#taken.stalledMs(now) > limits.idleMs) {
      this.#host.note(this.socket, 'it takes no answers');
      this.socket.destroy();
      return;
    }
    const silentMs = now - this.#since;
    if (this.#turn !== undefined) {
      // What nobody reads here is no fault of who sends it.
      if (this.#unreadBytes > MAX_UNREAD_BYTES) this.#since = now;
      const mostMs = mayTakeMs(limits.requestMs, this.#turn.receivedBytes, limits.minBodyBytesPerSecond);
      if (this.#bodyLeft > 0 && silentMs > mostMs) this.#refuse();
    } else if (this.#rest !== undefined || !this.#hasAsked) {
      if (silentMs > limits.firstRequestMs) this.#refuse();
    } else if (silentMs > limits.idleMs) this.socket.destroySoon();
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
    noteChunk(chunk);
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
    this.#isWorking = true;
    this.outbox.hold();
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
    this.outbox.flush();
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
    this.outbox.flush();
    this.socket.destroySoon();
  }

  #keep(bytes: Buffer, at: number): void {
    this.#rest = Buffer.from(bytes.subarray(at));
    if (this.#rest.length > MAX_UNREAD_BYTES || this.#turn === undefined) this.socket.pause();
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
    this.outbox.flush();
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
