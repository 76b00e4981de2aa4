import { isUtf8 } from 'node:buffer';
import { closeCodes, isCloseCode } from './close-codes.ts';
import type { Inflate } from './deflate.ts';
import { MAX_CONTROL_BYTES } from './frame-bytes.ts';
import { applyMask } from './mask.ts';
import { opcodes } from './opcodes.ts';
import { PiledBytes } from '../piled-bytes.ts';
import { Utf8Stream } from './utf8-stream.ts';

/** Takes what a decoder finds, in order. It may call `stop` of the decoder; it must not throw. */
export interface FrameSink {
  /** A whole message; text is valid UTF-8. The bytes may be a view on what was given to the decoder. */
  message(payload: Buffer, isText: boolean): void;
  pinged(payload: Buffer): void;
  ponged(): void;
  /** Undefined code: the frame gave none. */
  closeFrame(code: number | undefined, reason: string): void;
}

export interface DecoderSettings {
  /** We are the server: every frame must be masked, and none when not (RFC 6455, 5.1). */
  readonly server: boolean;
  /** Largest message, whole and after decompression. */
  readonly maxPayloadBytes: number;
  readonly inflate?: Inflate | undefined;
}

/** What was wrong with the bytes of the far side: the connection is failed with that code (RFC 6455, 7.1.7). */
export interface Malformed {
  readonly code: number;
  /** Short, in plain words, without the far side's bytes. */
  readonly text: string;
}

/** Frames without a payload that one message may be made of: they cost us time and nobody anything else. */
const MOST_EMPTY_FRAMES = 1024;
const LONGEST_HEADER_BYTES = 14;
const nothing = Buffer.alloc(0);

/** Finds the messages in the bytes of one direction of one connection (RFC 6455, 5). Idle, it holds no buffer. */
export class FrameDecoder {
  readonly #settings: DecoderSettings;
  readonly #sink: FrameSink;
  /** Bytes of a header that is not whole yet. */
  #begun: Buffer = nothing;
  /** The frame whose payload is not whole yet. */
  #opcode = 0;
  #isFinal = false;
  #mask = 0;
  #left = 0;
  #inside = false;
  #phase = 0;
  /** The message whose frames have not all come. */
  #messageOpcode = 0;
  #isCompressed = false;
  #emptyFrames = 0;
  #pile: PiledBytes | undefined;
  #control: PiledBytes | undefined;
  #text: Utf8Stream | undefined;
  #malformed: Malformed | undefined;
  #stopped = false;
  #isHeld = false;
  /** What came while it is held. */
  #rest: Buffer = nothing;

  constructor(settings: DecoderSettings, sink: FrameSink) {
    this.#settings = settings;
    this.#sink = sink;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Keeps the rest back from after this message on, until {@link release}. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Goes on with what was kept back. Says what {@link feed} says. */
  release(): Malformed | undefined {
    this.#isHeld = false;
    return this.#rest.length === 0 ? undefined : this.feed(nothing);
  }

  /** Nothing more is found. */
  stop(): void {
    this.#stopped = true;
    this.#begun = nothing;
    this.#rest = nothing;
    this.#pile = undefined;
    this.#control = undefined;
  }

  /** Takes the next bytes, which it unmasks in place. Says once what is wrong with them, and finds nothing after. */
  feed(chunk: Buffer): Malformed | undefined {
    let at = 0;
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = nothing;
    while (!this.#stopped && !this.#isHeld && (at < bytes.length || (this.#inside && this.#left === 0))) {
      if (this.#inside) {
        at = this.#takePayload(bytes, at);
      } else {
        if (this.#begun.length > 0) {
          bytes = Buffer.concat([this.#begun, bytes.subarray(at)]);
          this.#begun = nothing;
          at = 0;
        }
        const next = this.#takeHeader(bytes, at);
        if (next === at) {
          this.#begun = Buffer.from(bytes.subarray(at, at + LONGEST_HEADER_BYTES));
          return undefined;
        }
        at = next;
      }
      if (this.#malformed !== undefined) {
        this.stop();
        return this.#malformed;
      }
    }
    if (this.#isHeld && !this.#stopped) this.#rest = bytes.subarray(at);
    return undefined;
  }

  /** The place after the header, or `at` when it is not whole. */
  #takeHeader(bytes: Buffer, at: number): number {
    const available = bytes.length - at;
    if (available < 2) return at;
    const first = bytes[at]!;
    const second = bytes[at + 1]!;
    const masked = second >= 0x80;
    let length = second & 0x7f;
    const lengthBytes = length === 126 ? 2 : length === 127 ? 8 : 0;
    const problem = this.#firstBytesProblem(first, masked, length);
    if (problem !== undefined) {
      this.#fail(closeCodes.malformed, problem);
      return bytes.length;
    }
    const end = at + 2 + lengthBytes + (masked ? 4 : 0);
    if (end > bytes.length) return at;
    if (lengthBytes === 2) length = bytes.readUInt16BE(at + 2);
    else if (lengthBytes === 8) {
      if (bytes[at + 2]! >= 0x80) this.#fail(closeCodes.malformed, 'a length with its highest bit set');
      length = bytes.readUInt32BE(at + 2) * 0x1_0000_0000 + bytes.readUInt32BE(at + 6);
    }
    if ((lengthBytes === 2 && length < 126) || (lengthBytes === 8 && length < 65_536)) {
      this.#fail(closeCodes.malformed, 'a length in more bytes than it needs');
    }
    this.#opcode = first & 0x0f;
    this.#isFinal = first >= 0x80;
    this.#mask = masked ? bytes.readUInt32BE(end - 4) : 0;
    this.#left = length;
    this.#phase = 0;
    this.#inside = true;
    if (this.#opcode < 8) this.#beginData(first, length);
    return end;
  }

  /** RFC 6455, 5.1, 5.2, 5.4 and 5.5. */
  #firstBytesProblem(first: number, masked: boolean, length: number): string | undefined {
    const opcode = first & 0x0f;
    const { server, inflate } = this.#settings;
    if ((first & 0x30) !== 0) return 'a reserved bit is set';
    if ((opcode > 2 && opcode < 8) || opcode > 10) return `opcode ${opcode} is reserved`;
    if ((first & 0x40) !== 0 && (inflate === undefined || opcode === opcodes.continuation || opcode > 7)) {
      return 'a frame says it is compressed where that was not agreed';
    }
    if (masked !== server) return server ? 'a client must mask its frames' : 'a server must not mask its frames';
    if (opcode > 7) {
      if (first < 0x80) return 'a control frame in fragments';
      return length > MAX_CONTROL_BYTES ? 'a control frame of more than 125 bytes' : undefined;
    }
    if (opcode === opcodes.continuation) {
      return this.#messageOpcode === 0 ? 'a continuation of no message' : undefined;
    }
    return this.#messageOpcode === 0 ? undefined : 'a new message within another';
  }

  #beginData(first: number, length: number): void {
    if (this.#opcode !== opcodes.continuation) {
      this.#messageOpcode = this.#opcode;
      this.#isCompressed = (first & 0x40) !== 0;
      this.#emptyFrames = 0;
    }
    if (length === 0 && !this.#isFinal && ++this.#emptyFrames > MOST_EMPTY_FRAMES) {
      this.#fail(closeCodes.forbidden, `a message of more than ${MOST_EMPTY_FRAMES} empty frames`);
    }
    const { maxPayloadBytes } = this.#settings;
    if ((this.#pile?.length ?? 0) + length > maxPayloadBytes) {
      this.#fail(closeCodes.oversize, `a message of more than ${maxPayloadBytes} bytes`);
    }
  }

  /** Takes what is there of the payload and gives the place after it. */
  #takePayload(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    if (this.#mask !== 0 && end > at) applyMask(bytes, at, end, this.#mask, this.#phase);
    const isLast = end - at === this.#left;
    if (this.#opcode > 7) this.#takeControl(bytes, at, end, isLast);
    else if (isLast && this.#isFinal && this.#pile === undefined && this.#text === undefined) {
      this.#endMessage(bytes.subarray(at, end), false);
    } else this.#takePiece(bytes.subarray(at, end), this.#left - (end - at), this.#isFinal);
    this.#left -= end - at;
    this.#phase = (this.#phase + end - at) & 3;
    if (isLast) this.#inside = false;
    return end;
  }

  /** `following` bytes of the frame have not come yet. */
  #takePiece(piece: Buffer, following: number, isFinal: boolean): void {
    const pile = (this.#pile ??= new PiledBytes());
    pile.add(piece, following);
    const checksText = this.#messageOpcode === opcodes.text && !this.#isCompressed;
    if (checksText && !(this.#text ??= new Utf8Stream()).add(piece)) {
      this.#fail(closeCodes.notUtf8, 'a text that is no UTF-8');
      return;
    }
    if (following > 0 || !isFinal) return;
    this.#pile = undefined;
    this.#endMessage(pile.take(), checksText);
  }

  /** `checked`: piece by piece, all but the end. */
  #endMessage(payload: Buffer, checked: boolean): void {
    const isText = this.#messageOpcode === opcodes.text;
    this.#messageOpcode = 0;
    let whole = payload;
    if (this.#isCompressed) {
      const inflated = this.#settings.inflate!(payload, this.#settings.maxPayloadBytes);
      if ('code' in inflated) {
        this.#malformed = inflated;
        return;
      }
      whole = inflated;
    }
    const isValid = !isText || (checked ? this.#text!.end() : isUtf8(whole));
    this.#text = undefined;
    if (isValid) this.#sink.message(whole, isText);
    else this.#fail(closeCodes.notUtf8, 'a text that is no UTF-8');
  }

  #takeControl(bytes: Buffer, at: number, end: number, isLast: boolean): void {
    if (!isLast) {
      (this.#control ??= new PiledBytes()).add(bytes.subarray(at, end), 0);
      return;
    }
    let payload = bytes.subarray(at, end);
    if (this.#control !== undefined) {
      this.#control.add(payload, 0);
      payload = this.#control.take();
      this.#control = undefined;
    }
    if (this.#opcode === opcodes.ping) this.#sink.pinged(payload);
    else if (this.#opcode === opcodes.pong) this.#sink.ponged();
    else this.#takeClose(payload);
  }

  /** RFC 6455, 5.5.1 and 7.4. */
  #takeClose(payload: Buffer): void {
    if (payload.length === 0) {
      this.stop();
      this.#sink.closeFrame(undefined, '');
      return;
    }
    const code = payload.length === 1 ? 0 : payload.readUInt16BE();
    const reason = payload.subarray(2);
    if (!isCloseCode(code)) this.#fail(closeCodes.malformed, 'a close frame with a code that must not be sent');
    else if (!isUtf8(reason)) this.#fail(closeCodes.notUtf8, 'a reason for closing that is no UTF-8');
    else {
      this.stop();
      this.#sink.closeFrame(code, reason.toString());
    }
  }

  #fail(code: number, text: string): void {
    this.#malformed ??= { code, text };
  }
}
