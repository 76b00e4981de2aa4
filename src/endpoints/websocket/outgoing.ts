import { isUtf8 } from 'node:buffer';
import { encodeFrame } from '../../endpoint/frame.ts';
import type { Message } from '../../endpoint/message.ts';
import { Packed } from './packed.ts';

/** Content types that go as a text frame to a far side that gets bare payloads. */
const TEXT = /^(text\/|application\/(.+\+)?(json|xml)\b)/;

/** One message on its way to one or many far sides, each in the form that it takes, made once and only if somebody takes it. */
export class Outgoing {
  /** Counts the messages of one side, and comes round after 4 billion. */
  readonly id: number;
  readonly message: Message;
  readonly #isShared: boolean;
  #framed: Packed | undefined;
  #plain: Packed | undefined;

  /** `plain`: what far sides without our frames get; without it they get the payload. */
  constructor(id: number, message: Message, isShared: boolean, plain?: Packed) {
    this.id = id;
    this.message = message;
    this.#isShared = isShared;
    this.#plain = plain;
  }

  /** Throws MESSAGE_INVALID when topic and properties are too long. */
  get framed(): Packed {
    return (this.#framed ??= new Packed(
      encodeFrame({ type: 'data', id: this.id, message: this.message }),
      this.#isShared,
    ));
  }

  get plain(): Packed {
    const { contentType, payload } = this.message;
    return (this.#plain ??= new Packed(
      payload,
      this.#isShared,
      contentType !== undefined && TEXT.test(contentType) && isUtf8(payload),
    ));
  }
}

/** Numbers for the messages of one link or one listener. */
export function outgoingNumbers(): () => number {
  let id = 0;
  return () => (id = (id + 1) >>> 0);
}
