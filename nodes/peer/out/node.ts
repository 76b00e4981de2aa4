import { borrowSide } from '../../adapter/borrow-side.ts';
import { depart } from '../../adapter/depart.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { peerLinks, peerListeners, type PeerEnd } from '../links.ts';
import { withPath } from '../with-path.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) => {
  const { settings } = context;
  const lease = await borrowSide(context, peerLinks, peerListeners);
  const end = lease.side as PeerEnd;
  const sideFor = (message: FlowMessage): Promise<Pick<PeerEnd, 'send'>> => {
    const to = settings.to === '' ? namesOf(message['peer']) : namesOf(settings.to.split(','));
    return Promise.resolve(addressed(end, to, settings.reliable));
  };
  return depart(withPath(context, end), 'peer', lease, { topic: settings.topic, sideFor });
});

/** Sends to these peers only. */
function addressed(end: PeerEnd, to: readonly string[] | undefined, reliable: boolean): Pick<PeerEnd, 'send'> {
  return { send: (message, options) => end.send(message, { ...options, reliable, ...(to !== undefined && { to }) }) };
}

/** Nothing when nobody is named. */
function namesOf(names: unknown): string[] | undefined {
  const list = (Array.isArray(names) ? names : [names]).filter((name) => typeof name === 'string');
  const trimmed = list.map((name) => name.trim()).filter((name) => name !== '');
  return trimmed.length === 0 ? undefined : trimmed;
}
