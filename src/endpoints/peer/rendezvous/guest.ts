import type { RawData, WebSocket } from 'ws';
import { Silence } from '../../../endpoint/silence.ts';
import { Rate } from '../rate.ts';
import { decodeRendezvous, encodeRendezvous, passedOn, PROTOCOLS, type RendezvousFrame } from './frames.ts';
import type { GuestLimits } from './server.ts';

export interface GuestEvents {
  frame(frame: RendezvousFrame, bytes: Buffer): void;
  refused(problem: string): void;
  gone(): void;
}

/** RFC 6455, 7.4.1. */
const GOING_AWAY = 1001;
const POLICY = 1008;
const CLOSE_MS = 500;

/** One peer at a rendezvous, held to its limits: too many signals are dropped, too many bytes are read later. */
export class Guest {
  readonly fingerprint: string;
  readonly role: keyof typeof PROTOCOLS;
  readonly #socket: WebSocket;
  readonly #events: GuestEvents;
  readonly #bytes: Rate;
  readonly #signals: Rate;
  readonly #maxBufferedBytes: number;
  readonly #pulse: NodeJS.Timeout;
  #resume: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, fingerprint: string, limits: GuestLimits, events: GuestEvents) {
    const {
      maxBytesPerSecond = 4_194_304,
      maxSignalsPerSecond = 50,
      maxBufferedBytes = 4_194_304,
      keepAliveMs = 15_000,
    } = limits;
    this.fingerprint = fingerprint;
    this.role = socket.protocol === PROTOCOLS.listener ? 'listener' : 'link';
    this.#socket = socket;
    this.#events = events;
    this.#bytes = new Rate(maxBytesPerSecond);
    this.#signals = new Rate(maxSignalsPerSecond);
    this.#maxBufferedBytes = maxBufferedBytes;
    const silence = new Silence(keepAliveMs / 3);
    this.#pulse = setInterval(() => {
      if (socket.isPaused) silence.hear();
      if (silence.look() > keepAliveMs) socket.terminate();
      else socket.ping();
    }, keepAliveMs / 3);
    socket.on('pong', () => silence.hear());
    socket.on('message', (data, isBinary) => {
      silence.hear();
      this.#take(data, isBinary);
    });
    socket.on('error', (error) => events.refused(error.message));
    socket.once('close', () => {
      clearInterval(this.#pulse);
      clearTimeout(this.#resume);
      events.gone();
    });
  }

  send(type: RendezvousFrame['type'], peer: string, session: string): void {
    this.#socket.send(encodeRendezvous(type, peer, session), ignore);
  }

  /** Passes on what another has sent. False when too much waits here already. */
  pass(bytes: Buffer, sender: string): boolean {
    if (this.#socket.bufferedAmount > this.#maxBufferedBytes) return false;
    this.#socket.send(passedOn(bytes, sender), ignore);
    return true;
  }

  end(code = GOING_AWAY): void {
    this.#socket.close(code);
    const cut = setTimeout(() => this.#socket.terminate(), CLOSE_MS);
    this.#socket.once('close', () => clearTimeout(cut));
  }

  #take(data: RawData, isBinary: boolean): void {
    const frame = isBinary ? decodeRendezvous(data as Buffer) : undefined;
    if (frame === undefined) {
      this.#events.refused('a frame that is none');
      this.end(POLICY);
      return;
    }
    const pauseMs = this.#bytes.borrow((data as Buffer).length);
    if (pauseMs > 0) {
      this.#socket.pause();
      clearTimeout(this.#resume);
      this.#resume = setTimeout(() => this.#socket.resume(), pauseMs);
    }
    if (frame.type === 'signal' && !this.#signals.take()) this.#events.refused('too many signals');
    else this.#events.frame(frame, data as Buffer);
  }
}

/** A socket that fails closes, and is told then. */
function ignore(): void {}
