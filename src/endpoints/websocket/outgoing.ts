import { isUtf8 } from 'node:buffer';
import { encodeFrame } from '../../endpoint/frame.ts';
import type { Message } from '../../endpoint/message.ts';

/** Content types that go as a text frame to a far side that gets bare payloads. */
const TEXT = /^(text\/|application\/(.+\+)?(json|xml)\b)/;

/** One message on its way to one or many far sides: encoded once, and only if somebody needs it that way. */
export class Outgoing {
  readonly id: number;
  readonly message: Message;
  #frame: Buffer | undefined;

  constructor(id: number, message: Message) {
    this.id = id;
    this.message = message;
  }

  get frame(): Buffer {
    this.#frame ??= encodeFrame({ type: 'data', id: this.id, message: this.message });
    return this.#frame;
  }

  get isText(): boolean {
    const { contentType, payload } = this.message;
    return contentType !== undefined && TEXT.test(contentType) && isUtf8(payload);
  }
}

/** Numbers for the frames of one link or one listener: they come round after 4 billion. */
export function outgoingNumbers(): (message: Message) => Outgoing {
  let id = 0;
  return (message) => {
    id = (id + 1) >>> 0;
    return new Outgoing(id, message);
  };
}
