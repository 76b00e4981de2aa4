import { Fault } from '../fault.ts';
import { PiledBytes } from '../wire/piled-bytes.ts';
import { COPIED_BYTES, kept, readStream, type BodyTaker } from './body-taker.ts';
import { decoderFor } from './decoders.ts';
import type { Exchange } from './exchange.ts';

/** Called once: with a fault, or with the whole body. */
export type TakeBody = (fault: Fault | undefined, body: Buffer) => void;

/**
 * Collects the body of a request, decompressed. A body above the limit is PAYLOAD_TOO_LARGE before it is read when its length says
 * so, and else when it gets too large; a bomb is refused as soon as so much has come out of it. Throws ENCODING_REFUSED.
 */
export function readBody(exchange: Exchange, limitBytes: number, take: TakeBody): void {
  const { headers } = exchange;
  const announced = Number(headers['content-length'] ?? 0);
  const whole = new WholeBody(limitBytes, take);
  if (announced > limitBytes) return whole.refuse(announced);
  const decoder = decoderFor(headers['content-encoding']);
  if (decoder === undefined) return exchange.readInto(whole);
  readStream(decoder, whole);
  let packedBytes = 0;
  exchange.readInto({
    take(part) {
      packedBytes += part.length;
      // What waits to be decompressed counts, too: a sender may be faster than that.
      if (packedBytes > limitBytes) whole.refuse(packedBytes);
      else if (!whole.isOver) decoder.write(kept(part));
    },
    end: (isWhole) => void (isWhole ? decoder.end() : decoder.destroy()),
  });
  whole.onOver = () => decoder.destroy();
}

class WholeBody implements BodyTaker {
  isOver = false;
  onOver: (() => void) | undefined = undefined;
  readonly #limitBytes: number;
  readonly #take: TakeBody;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  /** Small parts in a row: each for itself would take a hundred times its size. */
  #pile: PiledBytes | undefined;
  #sizeBytes = 0;

  constructor(limitBytes: number, take: TakeBody) {
    this.#limitBytes = limitBytes;
    this.#take = take;
  }

  take(part: Buffer): void {
    if (this.isOver) return;
    this.#sizeBytes += part.length;
    if (this.#sizeBytes > this.#limitBytes) return this.refuse(this.#sizeBytes);
    if (this.#first === undefined) this.#first = kept(part);
    else if (part.length < COPIED_BYTES) {
      const pile = (this.#pile ??= new PiledBytes());
      pile.add(part, 0);
      if (pile.length >= PILED_BYTES) this.#keep(pile.take());
    } else {
      if (this.#pile !== undefined && this.#pile.length > 0) this.#keep(this.#pile.take());
      this.#keep(part);
    }
  }

  end(isWhole: boolean): void {
    if (!isWhole) return this.#finish(new Fault('MESSAGE_INVALID', { problem: 'the body is not whole' }));
    this.#finish(undefined);
  }

  refuse(sizeBytes: number): void {
    this.#finish(new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes: this.#limitBytes }));
  }

  #keep(part: Buffer): void {
    (this.#more ??= [this.#first!]).push(part);
  }

  #finish(fault: Fault | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.#pile !== undefined && this.#pile.length > 0) this.#keep(this.#pile.take());
    const more = this.#more;
    this.#take(
      fault,
      fault !== undefined ? nothing : more === undefined ? (this.#first ?? nothing) : Buffer.concat(more),
    );
    this.onOver?.();
  }
}

const PILED_BYTES = 65_536;
const nothing = Buffer.alloc(0);
