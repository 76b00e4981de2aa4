import type { WebSocket } from 'ws';
import type { FilledLimits } from '../../endpoint/limits.ts';
import type { ReceivedMessage } from '../../endpoint/message.ts';
import { Silence } from '../../endpoint/silence.ts';
import type { Fault } from '../../fault.ts';
import { closeCodes } from './close-codes.ts';
import type { Outgoing } from './outgoing.ts';

export interface ChannelSettings {
  readonly socket: WebSocket;
  readonly url: string;
  /** Name of the far side. */
  readonly from: string;
  readonly limits: FilledLimits;
  /** Resolves when the readers have room. */
  readonly take: (message: ReceivedMessage) => Promise<void>;
  /** Why the far side may not publish there. */
  readonly refusal: (topic: string) => Fault | undefined;
}

/** One open WebSocket, as messages. */
export interface Channel {
  /** Resolves when the far side has taken it; rejects when it refuses it or the connection ends before. */
  send(outgoing: Outgoing, signal: AbortSignal): Promise<void>;
  /** Since when (performance.now()) it owes us a sign that it takes what we send. */
  readonly owesSince: number | undefined;
  /** True while we do not read, so that silence means nothing. */
  readonly paused: boolean;
}

/** How long a far side may take to answer a close frame. */
const CLOSE_MS = 500;
const PINGS_PER_KEEP_ALIVE = 3;

/** Pings, and ends a connection that is silent for `keepAliveMs`; with `dropSlow` also one that takes nothing for so long. */
export function keepAlive(socket: WebSocket, channel: Channel, keepAliveMs: number, dropSlow: boolean): void {
  const periodMs = keepAliveMs / PINGS_PER_KEEP_ALIVE;
  const silence = new Silence(periodMs);
  const hear = (): void => silence.hear();
  const look = (): void => {
    const now = performance.now();
    if (channel.paused) hear();
    if (dropSlow && channel.owesSince !== undefined && now - channel.owesSince > keepAliveMs) {
      endSocket(socket, closeCodes.overload);
    } else if (silence.look() > keepAliveMs) socket.terminate();
    else socket.ping();
  };
  const timer = setInterval(look, periodMs);
  socket.on('pong', hear);
  socket.on('ping', hear);
  socket.on('message', hear);
  socket.once('close', () => clearInterval(timer));
}

/** Says why, once, and cuts the connection when the far side does not answer that. */
export function endSocket(socket: WebSocket, code: number): void {
  if (socket.readyState === socket.CONNECTING) {
    socket.terminate();
    return;
  }
  if (socket.readyState !== socket.OPEN) return;
  const cut = setTimeout(() => socket.terminate(), CLOSE_MS);
  socket.once('close', () => clearTimeout(cut));
  socket.resume();
  socket.close(code);
}
