import { Fault } from '../../src/fault.ts';

type Command = 'pause' | 'resume' | 'stop' | 'start';
const COMMANDS: readonly string[] = ['pause', 'resume', 'stop', 'start'] satisfies Command[];

interface Waiting {
  readonly pass: () => void;
  readonly drop: () => void;
  readonly refuse: (fault: Fault) => void;
}

/** Lets messages pass, wait or be dropped, as commands over a dotted arrow say. */
export class Gate {
  state: 'open' | 'paused' | 'stopped' = 'open';
  dropped = 0;
  readonly #most: number;
  #waiting: Waiting[] = [];

  constructor(maxWaiting: number) {
    this.#most = maxWaiting;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Does what a payload commands; false when it is no command. */
  obey(payload: unknown): boolean {
    const word = typeof payload === 'string' ? payload.trim().toLowerCase() : '';
    if (!COMMANDS.includes(word)) return false;
    if (word === 'pause') {
      if (this.state === 'open') this.state = 'paused';
      return true;
    }
    this.state = word === 'stop' ? 'stopped' : 'open';
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      if (word === 'stop') this.#drop(one);
      else one.pass();
    }
    return true;
  }

  /** What a message does while the gate is not open: resolves when it has passed or was dropped. Rejects with QUEUE_FULL and NODE_CLOSED. */
  async hold(pass: () => void): Promise<void> {
    if (this.state === 'stopped') {
      this.dropped += 1;
      return;
    }
    if (this.#waiting.length >= this.#most) {
      throw new Fault('QUEUE_FULL', { queue: 'the queue of a paused box', limit: this.#most });
    }
    await new Promise<void>((resolve, reject) => {
      const passed = (): void => {
        try {
          pass();
          resolve();
        } catch (error) {
          reject(error);
        }
      };
      this.#waiting.push({ pass: passed, drop: resolve, refuse: reject });
    });
  }

  close(node: string): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(new Fault('NODE_CLOSED', { node }));
  }

  #drop({ drop }: Waiting): void {
    this.dropped += 1;
    drop();
  }
}
