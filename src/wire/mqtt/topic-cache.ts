import { isMqttString, textOf } from './utf8.ts';

/** Why bytes are no topic name. */
export type TopicProblem = 'wildcard' | 'not text';

const slots = 8192;
const longestKept = 128;

/** Topic names by their bytes: the same topic gives the same string again, checked once. Holds at most 8,192 ASCII topics of at most 128 bytes. */
export class TopicCache {
  readonly #topics: string[] = Array.from({ length: slots }, () => '');
  problem: TopicProblem | undefined;

  /** The topic in `bytes`; undefined with `problem` set when it is none. Empty topics are not its matter. */
  get(bytes: Buffer, start: number, end: number): string | undefined {
    const length = end - start;
    if (length > longestKept) return this.#read(bytes, start, end);
    let hash = length;
    for (let index = start; index < end; index += 1) hash = (Math.imul(hash, 31) + bytes[index]!) | 0;
    const slot = (hash ^ (hash >>> 13)) & (slots - 1);
    const known = this.#topics[slot]!;
    if (known.length === length && holds(known, bytes, start)) return known;
    const topic = this.#read(bytes, start, end);
    // Only ASCII has as many characters as bytes.
    if (topic !== undefined && topic.length === length) this.#topics[slot] = topic;
    return topic;
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

function holds(topic: string, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < topic.length; index += 1) {
    if (topic.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
