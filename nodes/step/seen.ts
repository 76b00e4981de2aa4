import type { FlowMessage } from '../adapter/message.ts';

/** Remembers so many messages, the last ones. */
export class Seen {
  readonly #most: number;
  readonly #keys = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether a message is a copy of one that was here before; from now on it was. */
  isCopy(message: FlowMessage): boolean {
    const key = keyOf(message);
    if (key === undefined || this.#most === 0) return false;
    if (this.#keys.has(key)) return true;
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > this.#most && oldest !== undefined) this.#keys.delete(oldest);
    return false;
  }
}

/** The parts of a split message have its id, and are no copies of each other. */
function keyOf({ _msgid: id, parts }: FlowMessage): string | undefined {
  if (typeof id !== 'string') return undefined;
  if (typeof parts !== 'object' || parts === null) return id;
  return `${id} ${String(Reflect.get(parts, 'id'))} ${String(Reflect.get(parts, 'index'))}`;
}
