import type { LinkLimits } from '../../../src/endpoint/endpoint.ts';
import type { PeerLinkSettings } from '../../../src/endpoints/peer/index.ts';
import { traitsOf } from '../../../src/endpoints/peer/traits.ts';
import { endpointContract } from '../../contract/endpoint.ts';
import { openIdentities } from './world.ts';
import { openMeeting } from './meeting.ts';
import '../../support/forgotten-channels.ts';

for (const [name, path, more] of [
  ['a direct path by WebRTC', 'direct', { relayed: false }],
  ['a relayed path', 'relayed', { direct: false }],
] as const satisfies readonly (readonly [string, 'direct' | 'relayed', Partial<PeerLinkSettings>])[]) {
  endpointContract(name, async () => {
    const meeting = await openMeeting();
    await using others = await openIdentities();
    const wrongCa = others.authority.ca;
    let listener = await meeting.listen();
    return {
      traits: traitsOf(path),
      get listener() {
        return listener;
      },
      openLink: (limits: LinkLimits = {}) => meeting.link({ ...more, ...limits }),
      openLinkWithWrongCa: () => meeting.link({ ...more, post: meeting.post('link', meeting.client, wrongCa) }),
      stopServer: async () => await listener.close(),
      startServer: async () => {
        listener = await meeting.listen();
      },
      close: async () => await meeting[Symbol.asyncDispose](),
    };
  });
}
