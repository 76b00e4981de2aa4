import { isMqttString, textOf } from './utf8.ts';

/** Why bytes are no topic name. */
export type TopicProblem = 'wildcard' | 'not text';

const slots = 16_384;
const longestKept = 128;

/** Topic names by their bytes: the same topic gives the same string again, checked once. Keeps at most 16,384 topics of at most 128 bytes. */
export class TopicCache {
  problem: TopicProblem | undefined;
  readonly #topics: string[] = Array.from({ length: slots }, () => '');
  /** The bytes of each topic, 128 to a slot. The system gives these 2 MiB page by page, as they are used. */
  readonly #kept = new Uint8Array(slots * longestKept);
  readonly #lengths = new Uint8Array(slots);

  /** The topic in `bytes`, which is not empty; undefined with `problem` set when it is none. */
  get(bytes: Buffer, start: number, end: number): string | undefined {
    const length = end - start;
    if (length > longestKept) return this.#read(bytes, start, end);
    const slot = slotOf(bytes, start, end);
    if (this.#holds(slot, bytes, start, length)) return this.#topics[slot];
    // Two topics may share a slot: its neighbour takes the older one.
    if (this.#holds(slot ^ 1, bytes, start, length)) return this.#topics[slot ^ 1];
    const topic = this.#read(bytes, start, end);
    if (topic !== undefined) this.#keep(slot, bytes, start, length, topic);
    return topic;
  }

  #holds(slot: number, bytes: Buffer, start: number, length: number): boolean {
    if (this.#lengths[slot] !== length) return false;
    const kept = this.#kept;
    const first = slot * longestKept;
    // From the end, where topics differ most.
    for (let index = length - 1; index >= 0; index -= 1) {
      if (kept[first + index] !== bytes[start + index]) return false;
    }
    return true;
  }

  #keep(slot: number, bytes: Buffer, start: number, length: number, topic: string): void {
    const neighbour = slot ^ 1;
    const first = slot * longestKept;
    this.#topics[neighbour] = this.#topics[slot]!;
    this.#lengths[neighbour] = this.#lengths[slot]!;
    this.#kept.copyWithin(neighbour * longestKept, first, first + longestKept);
    this.#topics[slot] = topic;
    this.#lengths[slot] = length;
    this.#kept.set(bytes.subarray(start, start + length), first);
  }

  #read(bytes: Buffer, start: number, end: number): string | undefined {
    for (let index = start; index < end; index += 1) {
      if (bytes[index] === 0x23 || bytes[index] === 0x2b) return this.#fail('wildcard');
    }
    if (!isMqttString(bytes, start, end)) return this.#fail('not text');
    return textOf(bytes, start, end);
  }

  #fail(problem: TopicProblem): undefined {
    this.problem = problem;
    return undefined;
  }
}

/** Takes four bytes a step, so that one multiplication does for them. */
function slotOf(bytes: Buffer, start: number, end: number): number {
  let hash = end - start;
  let index = start;
  for (; index + 4 <= end; index += 4) {
    const word = bytes[index]! | (bytes[index + 1]! << 8) | (bytes[index + 2]! << 16) | (bytes[index + 3]! << 24);
    hash = Math.imul(hash ^ word, 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  for (; index < end; index += 1) hash = Math.imul(hash ^ bytes[index]!, 0x9e37_79b1);
  return (hash ^ (hash >>> 15)) & (slots - 1);
}
