import type { FilledLimits } from '../../endpoint/limits.ts';
import { Fault } from '../../fault.ts';
import type { Conduit } from './conduit.ts';
import { sideOf } from './fingerprint.ts';
import type { Post } from './post.ts';
import type { RefusalListener } from './refusals.ts';
import type { PeerIdentity } from './settings.ts';
import { newSession, openStatement, sealStatement, type Signal } from './statement.ts';
import { Session, type IceSettings } from './webrtc/session.ts';

export interface OfferSettings {
  readonly url: string;
  readonly post: Post;
  readonly identity: PeerIdentity;
  readonly pin: string;
  readonly ice: IceSettings;
  readonly limits: FilledLimits;
  /** Session that the new path goes on with, or empty. */
  readonly replaces: string;
  readonly refused: RefusalListener;
}

/** How often an offer is made anew when the connection breaks off after it was answered. */
const TRIES = 6;

/** A direct path to a peer, agreed on by post. Rejects with FAR_SIDE_GONE, LINK_REFUSED, WEBRTC_MISSING or the signal's reason. */
export async function openDirect(settings: OfferSettings, signal: AbortSignal): Promise<Conduit> {
  for (let tries = 1; ; tries += 1) {
    const attempt = { answered: false };
    try {
      return await openOnce(settings, attempt, signal);
    } catch (error) {
      // On a busy machine the library may come to check the far side's key before it has noted what to hold it to, and then
      // it breaks off: rightly, but the next try is as good as the first.
      if (!attempt.answered || tries === TRIES || signal.aborted) throw error;
    }
  }
}

async function openOnce(
  settings: OfferSettings,
  attempt: { answered: boolean },
  signal: AbortSignal,
): Promise<Conduit> {
  const { url, post, identity, pin, ice, limits, replaces, refused } = settings;
  const me = sideOf(identity.cert).fingerprint;
  const id = newSession();
  const heard = new Set<number>();
  let number = 0;
  const tell = (said: Signal): void => {
    const text = sealStatement(
      identity,
      { to: pin, session: id, number },
      said.kind === 'offer' ? { ...said, replaces } : said,
    );
    number += 1;
    post.send(pin, { session: id, text });
  };
  const maxUnreadBytes = 2 * limits.maxInFlight * limits.maxPayloadBytes;
  const farSide = { fingerprint: pin, name: pin };
  const absent = Promise.withResolvers<never>();
  absent.promise.catch(() => undefined);
  let certified = farSide;
  const session = await Session.open({ url, farSide, ice, maxUnreadBytes, trickles: post.trickles, tell }, true);
  const stops = [
    post.onLetter((letter) => {
      if (letter.session !== id) return;
      const statement = openStatement(letter.text, me, (fingerprint) => fingerprint === pin, identity.ca);
      const problem =
        'problem' in statement
          ? statement.problem
          : statement.session !== id || heard.has(statement.number) || statement.signal.kind === 'offer'
            ? 'a signal that was sent before, or for another session'
            : undefined;
      if ('problem' in statement || problem !== undefined) {
        refused('problem' in statement ? statement.claims : pin, `signal: ${problem}`);
        return;
      }
      heard.add(statement.number);
      certified = statement.from;
      if (statement.signal.kind === 'answer') attempt.answered = true;
      const wrong = session.hear(statement.signal);
      if (wrong !== undefined) refused(pin, `signal: ${wrong}`);
    }),
    post.onAbsent?.((absentSession) => {
      if (absentSession === id)
        absent.reject(new Fault('FAR_SIDE_GONE', { url }, { cause: new Error('it is not there') }));
    }),
  ];
  const onAbort = (): void => absent.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    const conduit = await Promise.race([session.conduit, absent.promise]);
    return { ...conduit, farSide: certified };
  } catch (error) {
    session.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    for (const stop of stops) stop?.();
  }
}
