import { isIPv4, isIPv6 } from 'node:net';
import { Bonjour, type Browser, type Service } from 'bonjour-service';
import { addressOf } from '../../address.ts';
import { Fault } from '../../fault.ts';

const TYPE = 'chartwire';
/** Services a browser remembers before it is begun anew: anybody on the network can make them up. */
const MAX_SERVICES = 256;

/** A peer somebody on this network says is there. Nothing of it is proved. */
export interface SeenPeer {
  readonly name: string;
  readonly fingerprint: string;
  /** `peer://host:port`. */
  readonly url: string;
}

export interface Announcement {
  readonly name: string;
  readonly fingerprint: string;
  readonly port: number;
}

/** Says on this network where we are, until it is closed. Other networks never hear of it. */
export async function announce({ name, fingerprint, port }: Announcement): Promise<AsyncDisposable> {
  const bonjour = new Bonjour({}, () => undefined);
  // Two of one name would be told apart by what they are.
  const label = `${name.slice(0, 40)} ${fingerprint.slice(0, 12)}`;
  bonjour.publish({ name: label, type: TYPE, port, probe: false, txt: { fp: fingerprint, name: name.slice(0, 120) } });
  return await Promise.resolve({
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => bonjour.unpublishAll(() => bonjour.destroy(() => resolve()))),
  });
}

/** Tells every peer that is announced on this network, also again when it moves. Returns what stops that. */
export function watchPeers(onSeen: (peer: SeenPeer) => void): () => Promise<void> {
  const bonjour = new Bonjour({}, () => undefined);
  let browser: Browser | undefined;
  const look = (service: Service): void => {
    const peer = peerOf(service);
    if (peer !== undefined) onSeen(peer);
    if ((browser?.services.length ?? 0) > MAX_SERVICES) begin();
  };
  const begin = (): void => {
    browser?.stop();
    browser?.removeAllListeners();
    browser = bonjour.find({ type: TYPE });
    browser.on('up', look);
    browser.on('txt-update', look);
    browser.on('srv-update', look);
  };
  begin();
  return () =>
    new Promise((resolve) => {
      browser?.stop();
      bonjour.destroy(() => resolve());
    });
}

/** Where the peer with this certificate says it is. Rejects with FAR_SIDE_GONE after `waitMs`, or with the signal's reason. */
export async function findPeer(pin: string, waitMs: number, signal: AbortSignal): Promise<string> {
  const found = Promise.withResolvers<string>();
  const onAbort = (): void => found.reject(signal.reason);
  const url = `peer://${pin.slice(0, 16)}`;
  const overdue = setTimeout(() => {
    found.reject(new Fault('FAR_SIDE_GONE', { url }, { cause: new Error('nobody on this network announces it') }));
  }, waitMs);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const stop = watchPeers((peer) => {
    if (peer.fingerprint === pin) found.resolve(peer.url);
  });
  try {
    return await found.promise;
  } finally {
    clearTimeout(overdue);
    signal.removeEventListener('abort', onAbort);
    await stop();
  }
}

/** Nothing when it is not ours, or not in the form ours have. */
function peerOf({ txt, port, addresses = [], referer }: Service): SeenPeer | undefined {
  const { fp, name } = (txt ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof fp !== 'string' || !/^[0-9a-f]{64}$/.test(fp) || typeof name !== 'string') return undefined;
  // Who told us is reachable; the addresses it lists may lie in networks that we are not in.
  const host = [referer?.address, ...addresses].find((address) => address !== undefined && isIP(address));
  if (host === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  return { name: name.slice(0, 120), fingerprint: fp, url: `peer://${addressOf(host, port)}` };
}

/** Without link-local ones, which mean nothing without their interface. */
function isIP(address: string): boolean {
  return isIPv4(address) || (isIPv6(address) && !/^fe80:/i.test(address));
}
