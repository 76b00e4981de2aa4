/** Entries by name, of which most have one: that takes no Map. Of entries that change meanwhile, a reader may miss some. */
export class Few<Value> {
  #name = '';
  #value: Value | undefined;
  #more: Map<string, Value> | undefined;

  get size(): number {
    return this.#more?.size ?? (this.#value === undefined ? 0 : 1);
  }

  get(name: string): Value | undefined {
    if (this.#more !== undefined) return this.#more.get(name);
    return this.#name === name ? this.#value : undefined;
  }

  set(name: string, value: Value): void {
    if (this.#more !== undefined) this.#more.set(name, value);
    else if (this.#value === undefined || this.#name === name) {
      this.#name = name;
      this.#value = value;
    } else {
      this.#more = new Map([
        [this.#name, this.#value],
        [name, value],
      ]);
      this.#value = undefined;
    }
  }

  delete(name: string): void {
    if (this.#more !== undefined) this.#more.delete(name);
    else if (this.#name === name) this.#value = undefined;
  }

  *entries(): Generator<[string, Value]> {
    if (this.#more !== undefined) yield* this.#more;
    else if (this.#value !== undefined) yield [this.#name, this.#value];
  }
}
