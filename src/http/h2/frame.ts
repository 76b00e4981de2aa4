/** Bytes of a frame's head (RFC 9113, 4.1). */
export const HEAD_BYTES = 9;

/** Writes a frame's head and returns where its payload begins. */
export function writeHead(
  target: Buffer,
  at: number,
  length: number,
  type: number,
  flags: number,
  stream: number,
): number {
  target.writeUIntBE(length, at, 3);
  target[at + 3] = type;
  target[at + 4] = flags;
  target.writeUInt32BE(stream, at + 5);
  return at + HEAD_BYTES;
}

/** The head of a frame whose payload is sent from where it lies. */
export function frameHead(length: number, type: number, flags: number, stream: number): Buffer {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  writeHead(head, 0, length, type, flags, stream);
  return head;
}

/** A whole frame of 32-bit words. */
export function wordsFrame(type: number, flags: number, stream: number, ...words: number[]): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + words.length * 4);
  let at = writeHead(frame, 0, words.length * 4, type, flags, stream);
  for (const word of words) at = frame.writeUInt32BE(word, at);
  return frame;
}

/** A frame with these bytes. */
export function bytesFrame(type: number, flags: number, stream: number, bytes: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + bytes.length);
  frame.set(bytes, writeHead(frame, 0, bytes.length, type, flags, stream));
  return frame;
}

/** A SETTINGS frame (RFC 9113, 6.5.1). */
export function settingsFrame(type: number, settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + settings.length * 6);
  let at = writeHead(frame, 0, settings.length * 6, type, 0, 0);
  for (const [id, value] of settings) {
    at = frame.writeUInt16BE(id, at);
    at = frame.writeUInt32BE(value, at);
  }
  return frame;
}
