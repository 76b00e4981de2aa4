import assert from 'node:assert/strict';
import type { LinkState } from '../../../../src/endpoint/link-state.ts';
import { openStatement, sealStatement } from '../../../../src/endpoints/peer/statement.ts';
import type { Letter, Post } from '../../../../src/endpoints/peer/post.ts';
import { openMeeting, type Meeting } from '../meeting.ts';
import '../../../support/forgotten-channels.ts';

/** How often a path is tried before a link has to wait. */
const TRIES = 6;
const ANOTHER_KEY = `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => '00').join(':')}`;

describe('a direct path', () => {
  it('that breaks off once it was answered is tried again at once: the link has not to wait', async () => {
    await using meeting = await openMeeting();
    let spoiled = 0;
    // Holds the link to a key the listener does not have, as if it had not come to note the right one.
    const post = altered(meeting, (sdp) => {
      spoiled += 1;
      return spoiled > 1 ? sdp : sdp.replace(/^a=fingerprint:sha-256 .*$/gim, ANOTHER_KEY);
    });
    const listener = await meeting.listen({ posts: [post] });
    const told: string[] = [];
    const link = meeting.link({ relayed: false, onRefusal: (_source, problem) => told.push(problem) });
    const states: LinkState['name'][] = [];
    link.onState(({ name }) => states.push(name));
    await link.ready();
    assert.ok(spoiled > 1, `${spoiled}`);
    // On a busy machine the library may break off at each of the tries; then the link waits, as it should.
    if (spoiled <= TRIES) assert.deepEqual(states, ['up']);
    assert.equal(link.peers()[0]?.path, 'direct');
    assert.deepEqual(told, []);
    await listener.close();
  });
});

/** The post of the listener, whose descriptions go out as `alter` gives them, signed by it. */
function altered(meeting: Meeting, alter: (sdp: string) => string): Post {
  const { server, client } = meeting;
  const post = meeting.post('listener');
  return new Proxy<Post>(post, {
    get(target, name) {
      if (name !== 'send') {
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      }
      return (to: string, { session, text }: Letter): void => {
        const statement = openStatement(text, client.fingerprint, () => true);
        assert.ok('signal' in statement);
        const { number, signal } = statement;
        const said = signal.kind === 'answer' ? { ...signal, sdp: alter(signal.sdp) } : signal;
        target.send(to, { session, text: sealStatement(server, { to, session, number }, said) });
      };
    },
  });
}
