import { openDoor } from '../../../src/front-door/open-door.ts';
import type { Door } from '../../../src/front-door/door.ts';
import {
  peerEndpoint,
  Rendezvous,
  RendezvousPost,
  type PeerLink,
  type PeerLinkSettings,
  type PeerListener,
  type PeerListenSettings,
  type Post,
  type RendezvousSettings,
} from '../../../src/endpoints/peer/index.ts';
import { testLimits } from '../../contract/world.ts';
import { selfSigned, type SelfSigned } from './self-signed.ts';
import { openIdentities, type Identities } from './world.ts';

/** Only loopback, so that the tests run where there is no network. */
export const ice = { bindAddress: '127.0.0.1' };

/** A rendezvous behind a door of its own, and two peers that nobody but the pins knows. */
export interface Meeting extends AsyncDisposable {
  readonly door: Door;
  readonly ca: string;
  readonly rendezvous: Rendezvous;
  readonly server: SelfSigned;
  readonly client: SelfSigned;
  post(role: 'link' | 'listener', identity?: SelfSigned, ca?: string): RendezvousPost;
  listen(more?: Partial<PeerListenSettings>): Promise<PeerListener>;
  link(more?: Partial<PeerLinkSettings>): PeerLink;
}

async function whenUp(post: Post): Promise<void> {
  if (post.state.name === 'up') return;
  await new Promise<void>((resolve) => post.onState(({ name }) => name === 'up' && resolve()));
}

/** `strangers` may come to the rendezvous, though no peer knows them. */
export async function openMeeting({
  strangers = [],
  ...settings
}: Partial<RendezvousSettings> & { strangers?: readonly string[] } = {}): Promise<Meeting> {
  const identities: Identities = await openIdentities();
  const { authority } = identities;
  const certificate = await authority.issueServer({ names: ['127.0.0.1'] });
  const door = await openDoor({ host: '127.0.0.1', port: 0, ...certificate, ca: authority.ca });
  const [server, client] = [await selfSigned('server'), await selfSigned('client')];
  const rendezvous = new Rendezvous({
    door,
    path: '/peer',
    pins: [server.fingerprint, client.fingerprint, ...strangers],
    ...settings,
  });
  const open = new Set<AsyncDisposable>();
  const kept = <One extends AsyncDisposable>(one: One): One => {
    open.add(one);
    return one;
  };
  const post: Meeting['post'] = (role, identity = role === 'link' ? client : server, ca = authority.ca) =>
    kept(new RendezvousPost({ url: rendezvous.url, identity, ca, role, ...testLimits }));
  return {
    door,
    ca: authority.ca,
    rendezvous,
    server,
    client,
    post,
    listen: async (more = {}) => {
      const { posts = [post('listener')] } = more;
      // Whoever is not at the rendezvous yet cannot be reached by it.
      await Promise.all(posts.map(whenUp));
      const { cert, key } = server;
      return kept(await peerEndpoint.listen({ cert, key, pins: [client.fingerprint], posts, ice, ...more }));
    },
    link: (more = {}) =>
      kept(
        peerEndpoint.connect({
          tls: client,
          pin: server.fingerprint,
          ...('url' in more || 'post' in more ? {} : { post: post('link') }),
          ice,
          ...testLimits,
          ...more,
        }),
      ),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...open].map(async (one) => await one[Symbol.asyncDispose]()));
      await rendezvous.close();
      await door.close();
      await identities.close();
    },
  };
}
