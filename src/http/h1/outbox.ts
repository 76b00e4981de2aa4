import type { Socket } from 'node:net';
import { leastReferencedBytes } from '../../wire/write-batch.ts';

/** All that goes out on one connection of HTTP/1.1: what is said while requests are read leaves in one write. */
export class Outbox {
  readonly #socket: Socket;
  #frames: Buffer[] = [];
  #isHeld = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Sends these together; head and tail are latin1. */
  send(head: string, body: Uint8Array | string, tail = ''): void {
    if (this.#socket.destroyed) return;
    if (typeof body !== 'string' && body.length >= leastReferencedBytes) {
      if (head !== '') this.#frames.push(Buffer.from(head, 'latin1'));
      this.#frames.push(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
      if (tail !== '') this.#frames.push(Buffer.from(tail, 'latin1'));
    } else this.#frames.push(inOne(head, body, tail));
    if (!this.#isHeld) this.flush();
  }

  /** Until the next {@link flush} nothing leaves: more comes in the same turn. */
  hold(): void {
    this.#isHeld = true;
  }

  flush(): void {
    this.#isHeld = false;
    const frames = this.#frames;
    if (frames.length === 0) return;
    this.#frames = [];
    if (frames.length === 1) {
      this.#socket.write(frames[0]!);
      return;
    }
    this.#socket.cork();
    for (const frame of frames) this.#socket.write(frame);
    this.#socket.uncork();
  }
}

function inOne(head: string, body: Uint8Array | string, tail: string): Buffer {
  const bodyBytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const frame = Buffer.allocUnsafe(head.length + bodyBytes + tail.length);
  frame.write(head, 'latin1');
  if (typeof body !== 'string') frame.set(body, head.length);
  else if (bodyBytes > 0) frame.write(body, head.length);
  if (tail !== '') frame.write(tail, head.length + bodyBytes, 'latin1');
  return frame;
}
