const FEWEST = 16;
/** One that was larger gives its room back when it is empty. */
const MOST_KEPT = 256;
const NONE = -1;

/**
 * Values by whole numbers, oldest first, like a Map. A Map whose entries come and go makes a new table again and again; each
 * old table knows the next one, so once one of them is old, V8 takes all that was ever in them since for alive, until it marks
 * its whole heap. Here nothing is made while there is room, and what has gone is not held.
 */
export class IntMap<T> {
  #capacity = 0;
  #size = 0;
  /** The newest entry of each bucket, then for each entry: the next of its bucket, the one that came after it, and before it. */
  #links = new Int32Array();
  #keys: number[] = [];
  #values: (T | undefined)[] = [];
  #first = NONE;
  #last = NONE;
  /** Free entries, by the place of who came after. */
  #free = NONE;

  get size(): number {
    return this.#size;
  }

  /** The value that came first of all. */
  get first(): T | undefined {
    return this.#first === NONE ? undefined : this.#values[this.#first];
  }

  has(key: number): boolean {
    return this.#find(key) !== NONE;
  }

  get(key: number): T | undefined {
    const entry = this.#find(key);
    return entry === NONE ? undefined : this.#values[entry];
  }

  /** A key that is there keeps its place in the order. */
  set(key: number, value: T): void {
    const known = this.#find(key);
    if (known !== NONE) {
      this.#values[known] = value;
      return;
    }
    if (this.#free === NONE) this.#grow();
    this.#append(key, value);
  }

  delete(key: number): boolean {
    if (this.#size === 0) return false;
    const links = this.#links;
    const capacity = this.#capacity;
    let link = bucketOf(key, capacity);
    while (links[link] !== NONE && this.#keys[links[link]!] !== key) link = capacity + links[link]!;
    const entry = links[link]!;
    if (entry === NONE) return false;
    links[link] = links[capacity + entry]!;
    const after = links[2 * capacity + entry]!;
    const before = links[3 * capacity + entry]!;
    if (before === NONE) this.#first = after;
    else links[2 * capacity + before] = after;
    if (after === NONE) this.#last = before;
    else links[3 * capacity + after] = before;
    links[2 * capacity + entry] = this.#free;
    this.#free = entry;
    this.#values[entry] = undefined;
    this.#size -= 1;
    if (this.#size === 0 && capacity > MOST_KEPT) this.clear();
    return true;
  }

  clear(): void {
    this.#capacity = 0;
    this.#size = 0;
    this.#links = new Int32Array();
    this.#keys = [];
    this.#values = [];
    this.#first = NONE;
    this.#last = NONE;
    this.#free = NONE;
  }

  /** All of now, oldest first. */
  values(): T[] {
    const all: T[] = [];
    for (let entry = this.#first; entry !== NONE; entry = this.#links[2 * this.#capacity + entry]!) {
      all.push(this.#values[entry] as T);
    }
    return all;
  }

  #find(key: number): number {
    if (this.#size === 0) return NONE;
    const links = this.#links;
    let entry = links[bucketOf(key, this.#capacity)]!;
    while (entry !== NONE && this.#keys[entry] !== key) entry = links[this.#capacity + entry]!;
    return entry;
  }

  #append(key: number, value: T): void {
    const links = this.#links;
    const capacity = this.#capacity;
    const entry = this.#free;
    const bucket = bucketOf(key, capacity);
    this.#free = links[2 * capacity + entry]!;
    this.#keys[entry] = key;
    this.#values[entry] = value;
    links[capacity + entry] = links[bucket]!;
    links[bucket] = entry;
    links[2 * capacity + entry] = NONE;
    links[3 * capacity + entry] = this.#last;
    if (this.#last === NONE) this.#first = entry;
    else links[2 * capacity + this.#last] = entry;
    this.#last = entry;
    this.#size += 1;
  }

  #grow(): void {
    const capacity = Math.max(FEWEST, this.#capacity * 2);
    const values = this.values();
    const keys: number[] = [];
    for (let entry = this.#first; entry !== NONE; entry = this.#links[2 * this.#capacity + entry]!) {
      keys.push(this.#keys[entry]!);
    }
    this.clear();
    this.#capacity = capacity;
    this.#links = new Int32Array(capacity * 4).fill(NONE);
    this.#keys = Array.from({ length: capacity }, () => NONE);
    this.#values = Array.from({ length: capacity });
    for (let entry = capacity - 1; entry >= 0; entry -= 1) {
      this.#links[2 * capacity + entry] = this.#free;
      this.#free = entry;
    }
    for (const [index, key] of keys.entries()) this.#append(key, values[index]!);
  }
}

/** Numbers that are given in a row, or every other, lie in buckets of their own (Knuth's multiplicative hashing). */
const bucketOf = (key: number, capacity: number): number => Math.imul(key, 0x9e37_79b1) >>> (Math.clz32(capacity) + 1);
