import assert from 'node:assert/strict';
import { websocketEndpoint, Packed, type WebSocketListenSettings } from '../../../src/endpoints/websocket/index.ts';
import { byToken } from '../../../src/http/bearer.ts';
import { nextTexts, stateOf, textMessage } from '../../contract/world.ts';
import { plainWorld, RawClient, type PlainWorld } from './world.ts';

const guard = byToken({
  keys: '',
  issuer: '',
  audience: '',
  tokens: new Map([['anna', 'a']]),
  clockToleranceSeconds: 0,
});
const asAnna = { authorization: 'Bearer a' };

describe('the outbox of an identity', () => {
  let world: PlainWorld | undefined;
  afterEach(async () => {
    await world?.[Symbol.asyncDispose]();
    world = undefined;
  });
  const open = async (settings: Partial<WebSocketListenSettings> = {}): Promise<PlainWorld> =>
    (world = await plainWorld({ guard, outboxMessages: 5, ...settings }));
  const send = (text: string, audience = {}): void => {
    const payload = Buffer.from(text);
    void world!.listener.publish({ topic: 't', payload }, audience, new Packed(payload, true, true));
  };
  const gone = async (): Promise<void> => {
    while (world!.listener.connections > 0) await new Promise(setImmediate);
  };
  const texts = async (client: RawClient, count: number): Promise<string[]> =>
    (await client.received(count)).map(({ payload }) => payload.toString());

  it('holds what came while it was away: for all, for it, and for its rooms; the newest up to the limit', async () => {
    const { port, listener } = await open();
    const before = await RawClient.open(port, asAnna);
    send('seen');
    assert.deepEqual(await texts(before, 1), ['seen']);
    listener.join({ identities: ['anna'] }, 'plant');
    before.socket.destroy();
    await gone();
    for (let index = 0; index < 4; index += 1) send(`all ${index}`);
    send('hers', { identities: ['anna'] });
    send('not hers', { identities: ['berta'] });
    send('room', { rooms: ['plant'] });
    send('other room', { rooms: ['office'] });
    const after = await RawClient.open(port, asAnna);
    send('now', { rooms: ['plant'] });
    assert.deepEqual(await texts(after, 6), ['all 1', 'all 2', 'all 3', 'hers', 'room', 'now']);
    after.socket.destroy();
  });

  it('gives what came after the last message it names, and nothing of another run', async () => {
    const { port, listener } = await open();
    const before = await RawClient.open(port, asAnna);
    const marks: string[] = [];
    for (const text of ['one', 'two', 'three']) {
      marks.push(listener.nextMark!);
      send(text);
    }
    await texts(before, 3);
    before.socket.destroy();
    await gone();
    const byHeader = await RawClient.open(port, { ...asAnna, 'last-event-id': marks[0]! });
    assert.deepEqual(await texts(byHeader, 2), ['two', 'three']);
    byHeader.socket.destroy();
    await gone();
    const byQuery = await RawClient.open(port, asAnna, `/live?lastEventId=${marks[1]}`);
    assert.deepEqual(await texts(byQuery, 1), ['three']);
    byQuery.socket.destroy();
    await gone();
    const stranger = await RawClient.open(port, { ...asAnna, 'last-event-id': 'cafe-1' });
    send('new');
    assert.deepEqual(await texts(stranger, 1), ['new']);
    stranger.socket.destroy();
  });

  it('forgets what is too old, and who has been away longest when there are too many', async () => {
    const { port } = await open({ outboxMs: 1 });
    (await RawClient.open(port, asAnna)).socket.destroy();
    await gone();
    send('old');
    await new Promise((resolve) => setTimeout(resolve, 5));
    const after = await RawClient.open(port, asAnna);
    send('new');
    assert.deepEqual(await texts(after, 1), ['new']);
    after.socket.destroy();
  });

  it('is there for a link that comes back: it misses nothing and gets nothing twice', async () => {
    const { port, listener } = await open({ outboxMessages: 1_000 });
    await using link = websocketEndpoint.connect({
      url: `ws://127.0.0.1:${port}/live`,
      tls: { ca: '' },
      headers: asAnna,
      reconnectFirstMs: 20,
      reconnectLongestMs: 40,
    });
    const reader = link.receive({ highWaterMark: 10_000 });
    await link.ready();
    const expected: string[] = [];
    const sends: Promise<unknown>[] = [];
    for (let round = 0; round < 5; round += 1) {
      for (let index = 0; index < 20; index += 1) {
        expected.push(`${round} ${index}`);
        sends.push(listener.send(textMessage('t', `${round} ${index}`)));
        if (index % 7 === 0) await new Promise(setImmediate);
      }
      const waiting = stateOf(link, 'waiting');
      for (const { connection } of listener.members()) connection.terminate();
      await waiting;
      expected.push(`${round} away`);
      sends.push(listener.send(textMessage('t', `${round} away`)));
      await link.ready();
    }
    assert.deepEqual(await nextTexts(reader, expected.length), expected);
    await Promise.all(sends);
  });
});
