import { isUtf8 } from 'node:buffer';

const nothing: Uint8Array = new Uint8Array();

/** Checks text that comes in pieces: a wrong byte is known with the piece it is in (RFC 6455, 8.1). */
export class Utf8Stream {
  /** The first bytes of a character that is not whole yet: three at most. */
  #begun: Uint8Array = nothing;

  /** Whether the text can still become UTF-8 with this piece at its end. */
  add(piece: Uint8Array): boolean {
    const bytes = this.#begun.length === 0 ? piece : Buffer.concat([this.#begun, piece]);
    const end = bytes.length - unfinishedBytes(bytes);
    this.#begun = end === bytes.length ? nothing : bytes.slice(end);
    return isUtf8(bytes.subarray(0, end)) && mayBegin(this.#begun);
  }

  /** Whether it ended between two characters. Begins anew. */
  end(): boolean {
    const whole = this.#begun.length === 0;
    this.#begun = nothing;
    return whole;
  }
}

/** How many bytes at the end are the beginning of a longer character. */
function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

/** Whether a character can begin so (Unicode, table 3-7): its second byte tells overlong forms, surrogates and too high ones. */
function mayBegin(begun: Uint8Array): boolean {
  const [first, second] = begun;
  if (first === undefined) return true;
  if (first < 0xc2 || first > 0xf4) return false;
  if (second === undefined) return true;
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second <= 0x9f;
  if (first === 0xf0) return second >= 0x90;
  return first !== 0xf4 || second <= 0x8f;
}
