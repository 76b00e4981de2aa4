import assert from 'node:assert/strict';
import { HandPost, type PeerListener } from '../../../src/endpoints/peer/index.ts';
import { newSession, sealStatement, type Signal } from '../../../src/endpoints/peer/statement.ts';
import { next, stateOf, testLimits, textMessage, textOf } from '../../contract/world.ts';
import { ice, openMeeting, type Meeting } from './meeting.ts';
import { selfSigned, type SelfSigned } from './self-signed.ts';
import '../../support/forgotten-channels.ts';

describe('a listener behind a rendezvous survives', () => {
  let meeting: Meeting;
  let listener: PeerListener;
  let told: string[];
  let stranger: SelfSigned;

  beforeEach(async () => {
    stranger = await selfSigned('stranger');
    meeting = await openMeeting({ maxSignalsPerSecond: 100, strangers: [stranger.fingerprint] });
    told = [];
    listener = await meeting.listen({
      maxClockSkewMs: 5_000,
      onRefusal: (_source, problem) => void told.push(problem),
    });
  });
  afterEach(async () => {
    await using _ended = meeting;
    // Whatever happened, a well-behaved link is served; one that used up its rate, a little later.
    const reader = listener.receive();
    const link = meeting.link({ relayed: false, sendTimeoutMs: 60_000 });
    await link.send(textMessage('t', 'still here'));
    assert.equal(textOf(await next(reader)), 'still here');
  });

  const whenRefused = async (count: number): Promise<void> => {
    while (listener.refused < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  /** Says something to the listener, as whoever it likes to be. */
  const say = async (who: SelfSigned, signal: Signal, change = (text: string): string => text): Promise<string> => {
    const post = meeting.post('link', who);
    await stateUp(post);
    const session = newSession();
    const text = sealStatement(who, { to: meeting.server.fingerprint, session, number: 0 }, signal);
    post.send(meeting.server.fingerprint, { session, text: change(text) });
    return session;
  };
  const offer: Signal = { kind: 'offer', sdp: 'v=0\r\na=fingerprint:sha-256 00\r\n', replaces: '' };

  it('offers of strangers: counted, told once', async () => {
    await say(stranger, offer);
    await say(stranger, offer);
    await whenRefused(2);
    assert.equal(told.length, 1);
    assert.match(told[0]!, /is not allowed here/);
    assert.equal(listener.connections, 0);
  });

  it('offers with another signature, descriptions that are none, candidates for no session', async () => {
    await say(meeting.client, offer, (text) => text.replace('sha-256', 'sha-257'));
    await say(meeting.client, offer);
    await say(meeting.client, { ...offer, sdp: 'x'.repeat(20_000) });
    await say(meeting.client, { ...offer, sdp: 'nothing' });
    await say(meeting.client, { kind: 'candidate', candidate: 'candidate:none', mid: '0' });
    await say(meeting.client, { kind: 'answer', sdp: 'v=0' });
    await whenRefused(6);
    assert.equal(told.length, 1);
  });

  it('an offer that is sent again, and one from another time', async () => {
    const post = meeting.post('link');
    await stateUp(post);
    const heard: string[] = [];
    const [session, late] = [newSession(), newSession()];
    const to = meeting.server.fingerprint;
    const text = sealStatement(meeting.client, { to, session, number: 0 }, offer);
    post.onLetter((letter) => heard.push(letter.text));
    const now = Date.now;
    Date.now = () => now() - 60_000;
    const old = sealStatement(meeting.client, { to, session: late, number: 0 }, offer);
    Date.now = now;
    post.send(to, { session: late, text: old });
    await whenRefused(1);
    assert.match(told[0]!, /6\d s away from our clock/);
    post.send(to, { session, text });
    await whenRefused(2);
    post.send(to, { session, text });
    post.send(to, { session: newSession(), text });
    await whenRefused(4);
  });

  it('a thousand offers of one peer: few are open at once', async () => {
    const { server, client } = meeting;
    const post = meeting.post('link');
    await stateUp(post);
    for (let count = 0; count < 150; count += 1) {
      const session = newSession();
      post.send(server.fingerprint, {
        session,
        text: sealStatement(client, { to: server.fingerprint, session, number: 0 }, offer),
      });
    }
    // Beyond its rate they do not get past the rendezvous.
    while (meeting.rendezvous.refused === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await whenRefused(50);
  });

  it('TLS through a tunnel from somebody it does not know', async () => {
    const link = meeting.link({ post: meeting.post('link', stranger), tls: stranger, direct: false });
    const state = await stateOf(link, 'waiting');
    assert.ok(state.name === 'waiting');
    assert.match(state.cause.message, /is not allowed here/);
    assert.ok(listener.refused > 0);
    await link.close();
  });

  it('garbage in a tunnel', async () => {
    const post = meeting.post('link');
    await stateUp(post);
    const tunnel = post.tunnel(meeting.server.fingerprint, newSession());
    tunnel.write(Buffer.alloc(1000, 7));
    await new Promise((resolve) => tunnel.once('close', resolve));
    await whenRefused(1);
  });
});

describe('an invite', () => {
  it('connects two peers by one text there and one back, and nothing else does', async () => {
    await using meeting = await openMeeting();
    const [here, there] = [new HandPost(), new HandPost()];
    const listener = await meeting.listen({ posts: [there] });
    const link = meeting.link({ post: here });
    const invite = await new Promise<string>((resolve) => here.onText(resolve));
    assert.match(invite, /^chartwire-peer:[\w-]+$/);
    assert.match(there.take('chartwire-peer:AAAA') ?? '', /no text of a peer/);
    assert.match(there.take('hello') ?? '', /no text of a peer/);
    assert.equal(there.take(` ${invite}\n`), undefined);
    there.onText((text) => void here.take(text));
    carryOn(here, there, invite);
    await link.ready();
    const reader = listener.receive();
    await link.send(textMessage('t', 'by hand'));
    assert.equal(textOf(await next(reader)), 'by hand');
    assert.equal(link.peers()[0]?.path, 'direct');
    // Once is enough: the same invite again is refused.
    const { refused } = listener;
    there.take(invite);
    assert.equal(listener.refused, refused + 1);
  });

  it('counts once, also when it comes again long after by a post that has more patience than others', async () => {
    await using meeting = await openMeeting();
    const [here, there] = [new HandPost(), new HandPost()];
    const listener = await meeting.listen({ posts: [there, meeting.post('listener')] });
    const offer: Signal = { kind: 'offer', sdp: 'v=0\r\na=fingerprint:sha-256 00\r\n', replaces: '' };
    const to = meeting.server.fingerprint;
    const sealed = (): { session: string; text: string } => {
      const session = newSession();
      return { session, text: sealStatement(meeting.client, { to, session, number: 0 }, offer) };
    };
    here.send(to, sealed());
    const invite = await new Promise<string>((resolve) => here.onText(resolve));
    const heard = async (count: number): Promise<void> => {
      while (listener.refused < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    there.take(invite);
    // What it describes is nothing: that is noticed a little later.
    await heard(1);
    const now = Date.now;
    Date.now = () => now() + 700_000;
    try {
      const post = meeting.post('link');
      await stateUp(post);
      post.send(to, sealed());
      await heard(2);
      there.take(invite);
      assert.equal(listener.refused, 3);
    } finally {
      Date.now = now;
    }
  });

  it('is not even looked at by a listener that closes', async () => {
    await using meeting = await openMeeting();
    const here = new HandPost();
    const link = meeting.link({ post: here });
    const invite = await new Promise<string>((resolve) => here.onText(resolve));
    const answers: string[] = [];
    /** Something comes while it is being closed. */
    class BusyPost extends HandPost {
      override async close(): Promise<void> {
        this.onText((text) => answers.push(text));
        this.take(invite);
        await new Promise((resolve) => setTimeout(resolve, 500));
        await super.close();
      }
    }
    const listener = await meeting.listen({ posts: [new BusyPost()] });
    await listener.close();
    assert.deepEqual(answers, []);
    await link.close();
  });
});

describe('a link survives', () => {
  it('a forged answer, and connects by the true one', async () => {
    await using meeting = await openMeeting();
    const stranger = await selfSigned('stranger');
    const [here, there] = [new HandPost(), new HandPost()];
    await meeting.listen({ posts: [there], ice });
    const link = meeting.link({ post: here, ...testLimits });
    const forged = new HandPost();
    const invite = await new Promise<string>((resolve) => here.onText(resolve));
    there.take(invite);
    const answer = await new Promise<string>((resolve) => there.onText(resolve));
    const seen = new HandPost();
    const letter = new Promise<{ session: string; text: string }>((resolve) => seen.onLetter(resolve));
    seen.take(answer);
    const { session } = await letter;
    const lie = sealStatement(
      stranger,
      { to: meeting.client.fingerprint, session, number: 0 },
      { kind: 'answer', sdp: 'v=0\r\na=fingerprint:sha-256 00\r\n' },
    );
    forged.send('', { session, text: lie });
    here.take(await new Promise<string>((resolve) => forged.onText(resolve)));
    assert.equal(link.refused, 1);
    here.take(answer);
    there.onText((text) => void (text !== answer && here.take(text)));
    carryOn(here, there, invite);
    await link.ready();
  });
});

/** A connection may break off on a busy machine: then there is another invite, which is carried like the first. */
function carryOn(here: HandPost, there: HandPost, invite: string): void {
  here.onText((text) => void (text !== invite && there.take(text)));
}

async function stateUp(post: ReturnType<Meeting['post']>): Promise<void> {
  if (post.state.name !== 'up')
    await new Promise<void>((resolve) => post.onState(({ name }) => name === 'up' && resolve()));
}
