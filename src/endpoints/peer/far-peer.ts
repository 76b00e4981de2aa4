import type { FilledLimits } from '../../endpoint/limits.ts';
import type { Message } from '../../endpoint/message.ts';
import { Fault } from '../../fault.ts';
import type { Channel } from './channel.ts';
import { Outbox } from './outbox.ts';
import type { PeerInfo } from './presence.ts';
import type { PeerSendOptions } from './side.ts';

/** A far side of a listener: sends to it by whatever channel leads there now. A slow one holds up nobody else. */
export class FarPeer {
  readonly name: string;
  readonly fingerprint: string;
  /** By which a better path may take its place; empty when none can. */
  readonly session: string;
  readonly #outbox: Outbox;
  #channel: Channel;

  constructor(channel: Channel, name: string, session: string, limits: FilledLimits) {
    const { farSide, url } = channel.conduit;
    this.#channel = channel;
    this.name = name;
    this.fingerprint = farSide.fingerprint;
    this.session = session;
    this.#outbox = new Outbox(url, limits);
    this.#outbox.open(channel);
  }

  get channel(): Channel {
    return this.#channel;
  }

  get info(): PeerInfo {
    const { name, fingerprint, channel } = this;
    return { name, fingerprint, path: channel.conduit.path, latencyMs: channel.latencyMs };
  }

  send(message: Message, options: PeerSendOptions): Promise<void> {
    return this.#outbox.send(message, options);
  }

  /** Goes on by another channel once all that is under way has come to its end. False when that one has gone meanwhile. */
  async moveTo(channel: Channel): Promise<boolean> {
    const old = this.#channel;
    this.#outbox.hold();
    await old.drained();
    if (channel.conduit.stream.destroyed) {
      this.#outbox.open(old);
      return false;
    }
    this.#channel = channel;
    old.move();
    this.#outbox.open(channel);
    return true;
  }

  /** It is gone: what was sent to it and not taken fails. */
  lose(cause: Error): void {
    this.#outbox.lose(cause);
    this.#outbox.close();
  }

  close(): void {
    this.#outbox.close();
    this.#channel.close();
    this.#channel.conduit.stream.destroy();
  }
}

/** The peers of these names or fingerprints. Throws PEER_UNKNOWN for one that is not here. */
export function peersNamed(peers: Iterable<FarPeer>, to: readonly string[] | undefined): FarPeer[] {
  const all = [...peers];
  if (to === undefined) return all;
  const missing = to.find((one) => !all.some(({ name, fingerprint }) => name === one || fingerprint === one));
  if (missing !== undefined) throw new Fault('PEER_UNKNOWN', { peer: missing });
  return all.filter(({ name, fingerprint }) => to.includes(name) || to.includes(fingerprint));
}
