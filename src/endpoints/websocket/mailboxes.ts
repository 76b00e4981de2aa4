import { isMeant, type Audience } from './audience.ts';
import type { Outgoing } from './outgoing.ts';

export interface MailboxLimits {
  /** Messages kept for one identity; 0 keeps none. */
  readonly maxMessages: number;
  /** Payload bytes kept for one identity. */
  readonly maxBytes: number;
  /** How long a message, and a mailbox nobody comes for, is kept. */
  readonly keepMs: number;
  readonly maxMailboxes: number;
}

interface Letter {
  readonly outgoing: Outgoing;
  readonly at: number;
}

/** What an identity has been sent lately, so that it can be sent again what it missed. */
class Mailbox {
  readonly info: { readonly id: string; readonly identity: string };
  rooms: ReadonlySet<string> = new Set();
  /** Connections of it that are open. */
  open = 0;
  leftAt = 0;
  /** Number of the last message before it left. */
  lastId = 0;
  #letters: Letter[] = [];
  #bytes = 0;

  constructor(identity: string) {
    this.info = { id: '', identity };
  }

  add(outgoing: Outgoing, now: number, { maxMessages, maxBytes, keepMs }: MailboxLimits): void {
    this.#letters.push({ outgoing, at: now });
    this.#bytes += outgoing.message.payload.byteLength;
    let gone = 0;
    while (
      gone < this.#letters.length &&
      (this.#letters.length - gone > maxMessages || this.#bytes > maxBytes || now - this.#letters[gone]!.at > keepMs)
    ) {
      this.#bytes -= this.#letters[gone]!.outgoing.message.payload.byteLength;
      gone += 1;
    }
    if (gone > 0) this.#letters.splice(0, gone);
  }

  after(id: number, now: number, keepMs: number): Outgoing[] {
    return this.#letters
      .filter(({ outgoing, at }) => outgoing.id > id && now - at <= keepMs)
      .map(({ outgoing }) => outgoing);
  }
}

/** The mailboxes of all identities that have been here. In memory: they end with the listener. */
export class Mailboxes {
  readonly #limits: MailboxLimits;
  readonly #boxes = new Map<string, Mailbox>();

  constructor(limits: MailboxLimits) {
    this.#limits = limits;
  }

  get isOn(): boolean {
    return this.#limits.maxMessages > 0;
  }

  /** An identity comes: what it missed, after the message it says was its last, or else since it left. And its rooms. */
  open(identity: string, lastId: number | undefined): { missed: Outgoing[]; rooms: ReadonlySet<string> } {
    if (!this.isOn) return { missed: [], rooms: new Set() };
    const now = performance.now();
    let box = this.#boxes.get(identity);
    if (box === undefined) {
      this.#makeRoom(now);
      box = new Mailbox(identity);
      this.#boxes.set(identity, box);
      box.lastId = Number.MAX_SAFE_INTEGER;
    }
    const isBack = box.open === 0;
    box.open += 1;
    const { rooms } = box;
    const from = lastId ?? (isBack ? box.lastId : Number.MAX_SAFE_INTEGER);
    return { missed: box.after(from, now, this.#limits.keepMs), rooms: isBack ? rooms : new Set() };
  }

  /** A connection of it has ended; its rooms are kept for it. */
  close(identity: string, rooms: ReadonlySet<string>, lastId: number): void {
    const box = this.#boxes.get(identity);
    if (box === undefined) return;
    box.open -= 1;
    if (box.open > 0) return;
    box.rooms = rooms;
    box.leftAt = performance.now();
    box.lastId = lastId;
  }

  /** Keeps a message for every identity it is meant for; `isThere` says whether one of its connections gets it now. */
  keep(outgoing: Outgoing, audience: Audience, isThere: (identity: string) => boolean): void {
    if (!this.isOn || audience.id !== undefined) return;
    const now = performance.now();
    for (const box of this.#boxes.values()) {
      const isFor = box.open > 0 ? isThere(box.info.identity) : isMeant(box, audience);
      if (isFor) box.add(outgoing, now, this.#limits);
    }
  }

  /** Who has been away longest makes room, first those away too long. */
  #makeRoom(now: number): void {
    let oldest: string | undefined;
    let since = Infinity;
    for (const [identity, box] of this.#boxes) {
      if (box.open > 0) continue;
      if (now - box.leftAt > this.#limits.keepMs) this.#boxes.delete(identity);
      else if (box.leftAt < since) [oldest, since] = [identity, box.leftAt];
    }
    if (this.#boxes.size >= this.#limits.maxMailboxes && oldest !== undefined) this.#boxes.delete(oldest);
  }
}
