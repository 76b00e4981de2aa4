import type { Message } from './message.ts';
import type { Session } from './session.ts';

/** What a client wants published when it vanishes (MQTT 5, 3.1.2.5). */
export interface Will {
  readonly message: () => Message;
  readonly delaySeconds: number;
}

/** Wills whose delay runs (MQTT 5, 3.1.3.2.2). */
export class Wills {
  readonly #waiting = new Map<Session, { readonly will: Will; readonly timer: NodeJS.Timeout }>();
  readonly #publish: (session: Session, will: Will) => void;

  constructor(publish: (session: Session, will: Will) => void) {
    this.#publish = publish;
  }

  /** The connection broke: the will is published after its delay, or when the session ends. */
  start(session: Session, will: Will): void {
    if (will.delaySeconds === 0) {
      this.#publish(session, will);
      return;
    }
    const afterMs = Math.min(will.delaySeconds * 1000, 2_147_483_647);
    this.#waiting.set(session, { will, timer: setTimeout(() => this.release(session), afterMs).unref() });
  }

  /** The client is back in time. */
  cancel(session: Session): void {
    clearTimeout(this.#waiting.get(session)?.timer);
    this.#waiting.delete(session);
  }

  /** Publishes it now, if one waits. */
  release(session: Session): void {
    const waiting = this.#waiting.get(session);
    this.cancel(session);
    if (waiting !== undefined) this.#publish(session, waiting.will);
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}
