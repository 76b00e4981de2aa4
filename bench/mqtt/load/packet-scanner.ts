/** Told of each whole packet: its first byte, and where its body stands in the chunk. */
export type OnPacket = (first: number, chunk: Buffer, start: number, end: number) => void;

/** Cuts a stream into packets; nothing of them is kept or copied but what a chunk border cuts in two. */
export class PacketScanner {
  #rest: Buffer | undefined;

  push(incoming: Buffer, onPacket: OnPacket): void {
    const chunk = this.#rest === undefined ? incoming : Buffer.concat([this.#rest, incoming]);
    this.#rest = undefined;
    let at = 0;
    while (at < chunk.length) {
      const start = bodyAt(chunk, at);
      const end = start === 0 ? 0 : start + lengthOf(chunk, at);
      if (start === 0 || end > chunk.length) {
        this.#rest = chunk.subarray(at);
        return;
      }
      onPacket(chunk[at]!, chunk, start, end);
      at = end;
    }
  }
}

/** Where the body begins; 0 while its length is not all there. */
function bodyAt(chunk: Buffer, at: number): number {
  for (let end = at + 1; end < at + 5; end += 1) {
    const byte = chunk[end];
    if (byte === undefined) return 0;
    if (byte < 0x80) return end + 1;
  }
  throw new Error('a packet longer than MQTT allows');
}

function lengthOf(chunk: Buffer, at: number): number {
  let length = 0;
  for (let shift = 0, next = at + 1; ; shift += 7, next += 1) {
    const byte = chunk[next]!;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) return length;
  }
}
