import { setTimeout as pause } from 'node:timers/promises';
import type { FilledLimits } from '../../endpoint/limits.ts';
import { Fault, isFault } from '../../fault.ts';
import type { Conduit } from './conduit.ts';
import { findPeer } from './discovery.ts';
import { firstOf, type Way } from './first-of.ts';
import { openDirect } from './offer.ts';
import type { Post } from './post.ts';
import type { RefusalListener } from './refusals.ts';
import type { PeerLinkSettings } from './settings.ts';
import { newSession } from './statement.ts';
import { openTls } from './tls-client.ts';

/** A conduit, and the session it can be replaced by. */
export interface Opened {
  readonly conduit: Conduit;
  readonly session: string;
}

/** How long the network at hand is asked before the world outside, in ms. */
const OUTSIDE_AFTER_MS = 300;
const RELAY_AFTER_MS = 1_500;

/** The ways to one peer that a link's settings allow. */
export class Ways {
  readonly #settings: PeerLinkSettings;
  readonly #url: string;
  readonly #pin: string;
  readonly #limits: FilledLimits;
  readonly #refused: RefusalListener;

  constructor(settings: PeerLinkSettings, url: string, pin: string, limits: FilledLimits, refused: RefusalListener) {
    this.#settings = settings;
    this.#url = url;
    this.#pin = pin;
    this.#limits = limits;
    this.#refused = refused;
  }

  /** Rejects with the fault that says most: who is there and is not trusted, who does not want us, what is missing. */
  async open(signal: AbortSignal): Promise<Opened> {
    const ways = this.#ways();
    try {
      return await firstOf(ways, signal, ({ conduit }) => conduit.stream.destroy());
    } catch (error) {
      const errors = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
      throw mostTelling(errors) ?? new Fault('FAR_SIDE_GONE', { url: this.#url }, { cause: error });
    }
  }

  /** A direct path in place of a relayed one; nothing when the settings allow none. */
  get canUpgrade(): boolean {
    return this.#settings.post !== undefined && this.#settings.direct !== false;
  }

  async upgrade(replaces: string, signal: AbortSignal): Promise<Opened> {
    const { post } = this.#settings;
    if (post === undefined) throw new Fault('FAR_SIDE_GONE', { url: this.#url });
    return await this.#direct(post, replaces, signal);
  }

  #ways(): Way<Opened>[] {
    const { url, discover = false, post, relay = post, relayed = true, relayAfterMs = RELAY_AFTER_MS } = this.#settings;
    const ways: Way<Opened>[] = [];
    if (url !== undefined) ways.push({ afterMs: 0, open: (signal) => this.#tls(url, signal) });
    if (discover) {
      ways.push({
        afterMs: OUTSIDE_AFTER_MS,
        open: async (signal) => await this.#tls(await findPeer(this.#pin, this.#limits.keepAliveMs, signal), signal),
      });
    }
    if (post !== undefined && this.canUpgrade) {
      ways.push({ afterMs: OUTSIDE_AFTER_MS, open: (signal) => this.#direct(post, '', signal) });
    }
    if (relayed && relay?.tunnel !== undefined) {
      ways.push({ afterMs: relayAfterMs, open: (signal) => this.#relayed(relay, signal) });
    }
    return ways;
  }

  async #tls(url: string, signal: AbortSignal): Promise<Opened> {
    const { hostname, port } = new URL(url);
    const to = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
    const conduit = await openTls({ url, path: 'lan', pin: this.#pin, identity: this.#settings.tls, to }, signal);
    return { conduit, session: '' };
  }

  async #direct(post: Post, replaces: string, signal: AbortSignal): Promise<Opened> {
    await whenUp(post, signal);
    const { tls: identity, ice = {} } = this.#settings;
    const conduit = await openDirect(
      {
        url: this.#url,
        post,
        identity,
        pin: this.#pin,
        ice,
        limits: this.#limits,
        replaces,
        refused: this.#refused,
      },
      AbortSignal.any([signal, AbortSignal.timeout(post.patienceMs ?? this.#limits.keepAliveMs)]),
    );
    return { conduit, session: '' };
  }

  async #relayed(relay: Post, signal: AbortSignal): Promise<Opened> {
    await whenUp(relay, signal);
    const session = newSession();
    const socket = relay.tunnel!(this.#pin, session);
    const target = {
      url: this.#url,
      path: 'relayed',
      pin: this.#pin,
      identity: this.#settings.tls,
      to: { socket },
    } as const;
    return { conduit: await openTls(target, signal), session };
  }
}

/** Rejects with why it is down, or with the signal's reason. */
function whenUp(post: Post, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      stop();
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const onAbort = (): void => settle(() => reject(signal.reason as Error));
    const look = ({ state }: Post): void => {
      if (state.name === 'up') settle(resolve);
      if (state.name === 'waiting') settle(() => reject(state.cause));
      if (state.name === 'closed') settle(() => reject(new Fault('LINK_CLOSED', { url: post.url })));
    };
    const stop = post.onState(() => look(post));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else look(post);
  });
}

const telling = ['FAR_SIDE_UNTRUSTED', 'LINK_REFUSED', 'WEBRTC_MISSING', 'FAR_SIDE_GONE'];

function mostTelling(errors: readonly unknown[]): Fault | undefined {
  const faults = errors.filter(isFault);
  return telling.map((code) => faults.find((fault) => fault.code === code)).find((fault) => fault !== undefined);
}

/** Pauses before each new try of a direct path, in ms. */
export async function* upgradePauses(
  { upgradeFirstMs = 5_000, upgradeLongestMs = 300_000 }: PeerLinkSettings,
  signal: AbortSignal,
): AsyncGenerator<undefined, void> {
  for (let ms = upgradeFirstMs; !signal.aborted; ms = Math.min(ms * 2, upgradeLongestMs)) {
    await pause(ms, undefined, { signal, ref: false }).catch(() => undefined);
    if (!signal.aborted) yield;
  }
}
