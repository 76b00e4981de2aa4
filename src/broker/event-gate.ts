/** Events that pass in a second; a flood of connects must not become a flood of messages, or of lines in a log. */
const MOST_A_SECOND = 200;

/** Lets events through as fast as a flow or a log can be expected to take them, and counts the rest. */
export class EventGate {
  #second = 0;
  #passed = 0;
  #leftOut = 0;

  /** How many were left out before this one; undefined when this one is left out, too. */
  pass(now = Date.now()): number | undefined {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#passed = 0;
    }
    if (this.#passed >= MOST_A_SECOND) {
      this.#leftOut += 1;
      return undefined;
    }
    this.#passed += 1;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return leftOut;
  }
}
