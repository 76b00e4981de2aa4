import { registerHooks } from 'node:module';
import { isFault } from '../../../../src/fault.ts';
import { textMessage } from '../../../contract/world.ts';
import { openMeeting } from '../meeting.ts';

/** A platform without a binary: what tries to load the library fails, as it does there. */
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'node-datachannel') throw new Error('no binary for this platform');
    return next(specifier, context);
  },
});
await using meeting = await openMeeting();
const listener = await meeting.listen();
const codes: Record<string, string> = {};
for (const [way, link] of [
  ['lan', meeting.link({ url: listener.url, post: meeting.post('link') })],
  ['relayed', meeting.link({})],
  ['direct', meeting.link({ relayed: false })],
] as const) {
  const cause = new Promise<unknown>((resolve) =>
    link.onState((state) => state.name === 'waiting' && resolve(state.cause)),
  );
  const sent = link.send(textMessage('t', way)).then(
    () => link.peers()[0]?.path,
    () => 'closed',
  );
  const outcome = await Promise.race([sent, cause]);
  codes[way] = isFault(outcome) ? outcome.code : String(outcome);
  await link.close();
}
process.send?.(codes);
process.disconnect();
