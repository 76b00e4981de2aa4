import type { Services } from '../../src/app/services.ts';
import { mqttEndpoint } from '../../src/endpoints/mqtt/index.ts';
import { HandPost, letterTopic, LinkPost, RendezvousPost, type Post } from '../../src/endpoints/peer/index.ts';
import { Fault } from '../../src/fault.ts';
import { pem } from '../adapter/link-settings.ts';
import type { OwnPeerIdentity } from '../../src/security/peer-identity.ts';
import { serversOf } from './way-fields.ts';

interface WaySettings {
  readonly signals: 'none' | 'rendezvous' | 'mqtt' | 'invite';
  readonly post: string;
  readonly relay: string;
  readonly relayed: boolean;
  readonly stun: string;
  readonly bindAddress: string;
  readonly ca: string;
}

/** Where letters lie on a broker, one topic for each fingerprint: outside what brokers of ours keep for themselves. */
const PREFIX = 'peer-signals';

/** What a link or listener signals and relays through, as its settings say. */
export interface OpenWays {
  readonly post?: Post;
  readonly relay?: Post;
  readonly hand?: HandPost;
  readonly ice: { readonly stun: readonly string[]; readonly bindAddress?: string };
}

/** Throws SETTINGS_INVALID for an address that is missing or of the wrong kind. */
export function openWays(
  { authority }: Services,
  { fingerprint, ...identity }: OwnPeerIdentity,
  { signals, post: address, relay: relayAddress, relayed, stun, bindAddress, ca }: WaySettings,
  role: 'link' | 'listener',
): OpenWays {
  const trusted = ca === '' ? authority.ca : pem(ca);
  const rendezvous = (url: string): RendezvousPost => new RendezvousPost({ url, identity, ca: trusted, role });
  const ice = {
    stun: stun === '' ? stunOf(signals === 'rendezvous' ? address : relayAddress) : serversOf(stun),
    ...(bindAddress !== '' && { bindAddress }),
  };
  checkAddress(signals, address);
  const relay = relayed && relayAddress !== '' ? { relay: rendezvous(relayAddress) } : {};
  switch (signals) {
    case 'none':
      return { ...relay, ice };
    case 'rendezvous':
      return { post: rendezvous(address), ...relay, ice };
    case 'mqtt': {
      const link = mqttEndpoint.connect({
        url: address,
        tls: { ca: trusted, ...identity },
        subscribe: [{ filter: letterTopic(PREFIX, fingerprint) }],
      });
      return { post: new LinkPost(link, PREFIX, fingerprint), ...relay, ice };
    }
    case 'invite': {
      const hand = new HandPost();
      return { post: hand, hand, ...relay, ice };
    }
  }
}

function checkAddress(signals: WaySettings['signals'], address: string): void {
  const scheme = signals === 'rendezvous' ? 'wss:' : signals === 'mqtt' ? 'mqtts:' : undefined;
  if (scheme === undefined || address.startsWith(scheme)) return;
  throw new Fault('SETTINGS_INVALID', { problems: `"Through" must be a ${scheme}// address` });
}

/** Our rendezvous answers STUN at the same number. */
function stunOf(rendezvous: string): string[] {
  const url = URL.parse(rendezvous);
  return url?.protocol === 'wss:' ? [`${url.hostname}:${url.port || 443}`] : [];
}
