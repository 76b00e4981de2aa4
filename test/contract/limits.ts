import assert from 'node:assert/strict';
import { codeOf, downTopic, next, textMessage, textOf, upTopic, type World } from './world.ts';

/** What is refused, and that a refusal harms nothing else. */
export function limits(here: () => World): void {
  it('refuses a payload above maxPayloadBytes, and the link lives on', async () => {
    const reader = here().listener.receive();
    const link = here().openLink({ maxPayloadBytes: 1000 });
    await link.ready();
    const states: string[] = [];
    link.onState((state) => states.push(state.name));
    assert.equal(await codeOf(link.send({ topic: upTopic, payload: new Uint8Array(1001) })), 'PAYLOAD_TOO_LARGE');
    await link.send({ topic: upTopic, payload: new Uint8Array(1000) });
    assert.equal((await next(reader)).payload.byteLength, 1000);
    assert.deepEqual(states, []);
  });

  it('carries a payload of the default limit, both ways', async () => {
    const payload = Buffer.alloc(262_144, 'chart');
    const reader = here().listener.receive();
    const link = here().openLink();
    await link.send({ topic: upTopic, payload });
    assert.deepEqual(Buffer.from((await next(reader)).payload), payload);
    if (!here().traits.push) return;
    const down = link.receive();
    await here().listener.send({ topic: downTopic, payload });
    assert.deepEqual(Buffer.from((await next(down)).payload), payload);
  });

  it('the far side refuses what is above its own limit, and the link lives on', async () => {
    const reader = here().listener.receive();
    const link = here().openLink({ maxPayloadBytes: 1_000_000 });
    const code = await codeOf(link.send({ topic: upTopic, payload: new Uint8Array(600_000) }));
    assert.ok(code === 'PAYLOAD_TOO_LARGE' || code === 'FAR_SIDE_REFUSED', `got ${String(code)}`);
    await link.send(textMessage(upTopic, 'small'));
    assert.equal(textOf(await next(reader)), 'small');
  });

  it('rejects sends beyond maxWaiting with QUEUE_FULL, and those that wait are delivered', async () => {
    const reader = here().listener.receive();
    await here().stopServer();
    const link = here().openLink({ maxWaiting: 3, maxInFlight: 1 });
    const sends = Array.from({ length: 6 }, (_, index) => codeOf(link.send(textMessage(upTopic, `${index}`))));
    await here().startServer();
    const results = await Promise.all(sends);
    const full = results.filter((code) => code === 'QUEUE_FULL');
    const resolved = results.filter((code) => code === 'resolved');
    assert.equal(full.length, 3, results.join(' '));
    assert.equal(resolved.length, 3, results.join(' '));
    assert.equal((await reader.next()).done, true);
  });

  it('refuses a topic it cannot carry', async () => {
    const link = here().openLink();
    await link.ready();
    for (const topic of ['', 'contract/up/+', 'contract/up/#', 'nul\u0000']) {
      assert.equal(await codeOf(link.send(textMessage(topic, 'x'))), 'MESSAGE_INVALID', JSON.stringify(topic));
    }
    await link.send(textMessage(upTopic, 'fine'));
  });

  for (const [what, count, length] of [
    ['one that is too long', 1, 70_000],
    ['too much in all', 10, 60_000],
    ['very many', 200, 5],
  ] as const) {
    it(`a message with properties it cannot carry (${what}) harms nothing beside it`, async () => {
      const reader = here().listener.receive();
      const link = here().openLink();
      await link.ready();
      const states: string[] = [];
      link.onState((state) => states.push(state.name));
      const properties = Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, 'x'.repeat(length)]));
      const texts = ['1', '2', '3', '4'];
      const [refused, ...sent] = await Promise.all([
        codeOf(link.send({ ...textMessage(upTopic, 'bad'), properties })),
        ...texts.map((text) => codeOf(link.send(textMessage(upTopic, text)))),
      ]);
      assert.match(
        String(refused),
        length > 5 ? /^(MESSAGE_INVALID|PAYLOAD_TOO_LARGE)$/ : /^(MESSAGE_INVALID|FAR_SIDE_REFUSED|resolved)$/,
      );
      assert.deepEqual(
        sent,
        texts.map(() => 'resolved'),
      );
      const arrived = new Set<string>();
      while (arrived.size < texts.length) {
        const text = textOf(await next(reader));
        if (text !== 'bad') arrived.add(text);
      }
      assert.deepEqual(states, []);
    });
  }

  it('an aborted send rejects with the reason of its signal, and the link lives on', async () => {
    const reader = here().listener.receive();
    await here().stopServer();
    const link = here().openLink();
    const stop = new AbortController();
    const reason = new Error('no longer needed');
    const send = link.send(textMessage(upTopic, 'aborted'), { signal: stop.signal });
    stop.abort(reason);
    await assert.rejects(send, (error) => error === reason);
    await assert.rejects(link.send(textMessage(upTopic, 'late'), { signal: stop.signal }), (error) => error === reason);
    await here().startServer();
    const after = here().listener.receive();
    await link.send(textMessage(upTopic, 'kept'));
    assert.equal(textOf(await next(after)), 'kept');
    assert.equal((await reader.next()).done, true);
  });

  it('an aborted receive ends, and the link and its other readers live on', async () => {
    const stop = new AbortController();
    const { listener } = here();
    const [ended, going] = [listener.receive({ signal: stop.signal }), listener.receive()];
    const waiting = ended.next();
    stop.abort();
    assert.equal((await waiting).done, true);
    await here().openLink().send(textMessage(upTopic, 'on'));
    assert.equal(textOf(await next(going)), 'on');
    assert.equal((await listener.receive({ signal: stop.signal }).next()).done, true);
  });
}
