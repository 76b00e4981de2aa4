import { Fault } from '../../../src/fault.ts';
import { borrowSide } from '../../adapter/borrow-side.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { handPosts, peerLinks, peerListeners, type PeerEnd } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) => {
  const { settings, send, status } = context;
  const { side, release } = await borrowSide(context, peerLinks, peerListeners);
  const end = side as PeerEnd;
  const post = handPosts.get(end);
  if (post === undefined) {
    await release();
    throw new Fault('SETTINGS_INVALID', { problems: 'the signals of that link or listener do not go by invite' });
  }
  const topic = settings.link === '' ? 'answer' : 'invite';
  const show = (): void => {
    const [peer] = end.peers();
    if (peer === undefined) status('busy', topic === 'invite' ? 'waiting for the answer' : 'waiting for an invite');
    else status('up', `${peer.name} connected`);
  };
  const stops = [post.onText((payload) => send({ topic, payload })), end.onPresence(show)];
  show();
  return {
    input({ payload }) {
      const problem = post.take(typeof payload === 'string' ? payload : '');
      if (problem !== undefined) throw new Fault('MESSAGE_INVALID', { problem });
    },
    async close() {
      for (const stop of stops) stop();
      await release();
    },
  };
});
