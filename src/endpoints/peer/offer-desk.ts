import type { FilledLimits } from '../../endpoint/limits.ts';
import type { Conduit } from './conduit.ts';
import { sideOf } from './fingerprint.ts';
import type { Letter, Post } from './post.ts';
import type { Refusals } from './refusals.ts';
import type { PeerIdentity } from './settings.ts';
import { openStatement, sealStatement, type Signal, type Statement } from './statement.ts';
import { Session, type IceSettings } from './webrtc/session.ts';

export interface OfferDeskSettings {
  readonly identity: PeerIdentity;
  readonly ice: IceSettings;
  readonly limits: FilledLimits;
  readonly maxClockSkewMs: number;
  /** The longest patience of the posts that offers come by. */
  readonly longestPatienceMs: number;
  /** Sessions that are being connected at once; also how many far sides there may be. */
  readonly maxSessions: number;
  readonly isAllowed: (fingerprint: string) => boolean;
  readonly refusals: Refusals;
  /** `replaces` is the session whose messages go this way from now on, or empty. */
  readonly take: (conduit: Conduit, replaces: string) => void;
}

interface Open {
  readonly session: Promise<Session>;
  readonly from: string;
  readonly heard: Set<number>;
  readonly overdue: NodeJS.Timeout;
}

/** Sessions one peer may be connecting; a further one ends its oldest. */
const MAX_OF_ONE = 4;
const CONNECT_MS = 30_000;
/** Offers of one peer that are remembered, so that each counts once. */
const MAX_REMEMBERED_OF_ONE = 2_048;

/** Answers the offers that come by post from allowed peers, each once. */
export class OfferDesk {
  readonly #settings: OfferDeskSettings;
  readonly #me: string;
  readonly #open = new Map<string, Open>();
  /** When each session of each peer was first heard of, oldest first. */
  readonly #seen = new Map<string, Map<string, number>>();
  #isClosed = false;

  constructor(settings: OfferDeskSettings) {
    this.#settings = settings;
    this.#me = sideOf(settings.identity.cert).fingerprint;
  }

  hear(post: Post, { session, text }: Letter): void {
    // Posts are closed after the desk, as the last signals leave by them.
    if (this.#isClosed) return;
    const { isAllowed, refusals, identity } = this.#settings;
    const statement = openStatement(text, this.#me, isAllowed, identity.ca);
    const refuse = (source: string, problem: string): void => refusals.add(source, `signal: ${problem}`);
    if ('problem' in statement) {
      refuse(statement.claims, statement.problem);
      return;
    }
    const { fingerprint } = statement.from;
    if (statement.session !== session) {
      refuse(fingerprint, 'another session than on its envelope');
    } else if (statement.signal.kind === 'offer') {
      const problem = this.#offerProblem(statement, post);
      if (problem === undefined) this.#begin(post, statement, statement.signal);
      else refuse(fingerprint, problem);
    } else {
      this.#goOn(statement).then(
        (problem) => problem !== undefined && refuse(fingerprint, problem),
        () => undefined,
      );
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const session of this.#open.keys()) this.#end(session);
  }

  /** Each offer once, and not long after it was made: what is forgotten here is too old by then. */
  #offerProblem({ from, session, at }: Statement, { patienceMs = 0 }: Post): string | undefined {
    const { maxSessions, maxClockSkewMs, longestPatienceMs } = this.#settings;
    const now = Date.now();
    const awayMs = Math.abs(now - at);
    if (awayMs > maxClockSkewMs + patienceMs) return `an offer ${Math.round(awayMs / 1000)} s away from our clock`;
    const seen = this.#seen.get(from.fingerprint) ?? new Map<string, number>();
    if (seen.has(session)) return 'an offer that was made before';
    for (const [known, knownAt] of seen) {
      // It may come again by a post that has more patience.
      if (now - knownAt <= 2 * (maxClockSkewMs + longestPatienceMs)) break;
      seen.delete(known);
    }
    if (seen.size >= MAX_REMEMBERED_OF_ONE) return 'too many offers';
    if (this.#open.size >= maxSessions) return `${maxSessions} peers are connecting`;
    this.#seen.set(from.fingerprint, seen.set(session, now));
    return undefined;
  }

  #begin(post: Post, statement: Statement, offer: Signal & { kind: 'offer' }): void {
    const { identity, ice, limits, take, refusals } = this.#settings;
    const { from, session: id } = statement;
    const mine = [...this.#open].filter(([, open]) => open.from === from.fingerprint);
    if (mine.length >= MAX_OF_ONE) this.#end(mine[0]![0]);
    let number = 0;
    const tell = (signal: Signal): void => {
      const text = sealStatement(identity, { to: from.fingerprint, session: id, number }, signal);
      number += 1;
      post.send(from.fingerprint, { session: id, text });
    };
    const url = `peer://${from.name}`;
    const maxUnreadBytes = 2 * limits.maxInFlight * limits.maxPayloadBytes;
    const session = Session.open({ url, farSide: from, ice, maxUnreadBytes, trickles: post.trickles, tell }, false);
    const overdue = setTimeout(() => this.#end(id), post.patienceMs ?? CONNECT_MS);
    this.#open.set(id, { session, from: from.fingerprint, heard: new Set(), overdue });
    session
      .then(async (opened) => {
        const problem = opened.hear(offer);
        if (problem !== undefined) refusals.add(from.fingerprint, `signal: ${problem}`);
        const conduit = await opened.conduit;
        clearTimeout(overdue);
        this.#open.delete(id);
        take(conduit, offer.replaces);
      })
      .catch((error: unknown) => {
        this.#end(id);
        const reason = error instanceof Error ? error.message : String(error);
        if (post.state.name === 'up') tell({ kind: 'refusal', reason });
      });
  }

  async #goOn({ session: id, from, number, signal }: Statement): Promise<string | undefined> {
    const open = this.#open.get(id);
    // What comes for a session that is connected or given up is late, not wrong.
    if (open === undefined) return this.#seen.get(from.fingerprint)?.has(id) ? undefined : 'no such session';
    if (open.from !== from.fingerprint) return 'the session of another peer';
    if (open.heard.has(number)) return 'a signal that was sent before';
    open.heard.add(number);
    if (signal.kind === 'answer') return 'an answer to nothing';
    return (await open.session).hear(signal);
  }

  #end(id: string): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    clearTimeout(open.overdue);
    open.session.then(
      (session) => session.close(),
      () => undefined,
    );
  }
}
