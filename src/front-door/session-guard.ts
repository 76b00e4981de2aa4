import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { FilledDoorLimits } from './door-limits.ts';

/** So many streams are kept before closed ones are looked for. */
const FEW = 16;

/**
 * Ends HTTP/2 sessions that hold a place without using it: no stream and no PING in time, or silence while it is the far
 * side's turn (half a header block, an unfinished body, an answer it does not read). node:http2 has no such timers.
 */
export function guardSession(session: ServerHttp2Session, { firstRequestMs, idleMs }: FilledDoorLimits): void {
  const streams = new Set<ServerHttp2Stream>();
  const webSockets = new WeakSet<ServerHttp2Stream>();
  let forgetAt = FEW;
  const first = setTimeout(() => session.destroy(), firstRequestMs);
  const alive = (): void => clearTimeout(first);
  // For every PING, not only the first: without a listener node:http2 does not count it as a sign of life.
  session.on('ping', alive);
  session.on('stream', (stream: ServerHttp2Stream, headers) => {
    alive();
    // A WebSocket stays open both ways, and looks after its silence itself.
    if (headers[':protocol'] === 'websocket') webSockets.add(stream);
    streams.add(stream);
    // A listener on each of them would cost more than looking at them all whenever they have become twice as many.
    if (streams.size > forgetAt) {
      forgetClosed(streams);
      forgetAt = Math.max(FEW, streams.size * 2);
    }
  });
  session.once('close', alive);
  const watch = (): void => {
    session.setTimeout(idleMs, () => {
      forgetClosed(streams);
      const theirTurn =
        streams.size === 0 || [...streams].some((stream) => !webSockets.has(stream) && waitsForFarSide(stream));
      if (theirTurn) session.destroy();
      else watch();
    });
  };
  watch();
}

function forgetClosed(streams: Set<ServerHttp2Stream>): void {
  for (const stream of streams) if (stream.destroyed) streams.delete(stream);
}

function waitsForFarSide(stream: ServerHttp2Stream): boolean {
  return stream.state.state === constants.NGHTTP2_STREAM_STATE_OPEN || stream.writableLength > 0;
}
