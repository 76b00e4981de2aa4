import assert from 'node:assert/strict';
import { downTopic, next, nextTexts, textMessage, textOf, upTopic, type World } from './world.ts';

/** What arrives, and in which order. */
export function delivery(here: () => World): void {
  it('carries topic, payload, content type and properties', async () => {
    const reader = here().listener.receive();
    const link = here().openLink();
    const sent = {
      topic: upTopic,
      payload: Buffer.from('{"t":21}'),
      contentType: 'application/json',
      properties: { site: 'Zürich 1', 'trace-id': 'a b%c=d&e', empty: '' },
    };
    await link.send(sent);
    const { topic, payload, contentType, properties, from } = await next(reader);
    assert.deepEqual({ topic, payload: Buffer.from(payload), contentType, properties }, sent);
    assert.equal(typeof from, 'string');
  });

  it('carries a message without content type and properties as it is', async () => {
    const reader = here().listener.receive();
    await here().openLink().send(textMessage(upTopic, 'bare'));
    const message = await next(reader);
    assert.equal(message.contentType, undefined);
    assert.deepEqual(Object.keys(message.properties ?? {}), []);
  });

  it('keeps every byte value of a payload', async () => {
    const payload = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256));
    const reader = here().listener.receive();
    await here().openLink().send({ topic: upTopic, payload });
    assert.deepEqual(Buffer.from((await next(reader)).payload), payload);
  });

  it('carries an empty payload', async () => {
    const reader = here().listener.receive();
    await here()
      .openLink()
      .send({ topic: upTopic, payload: new Uint8Array(0) });
    assert.equal((await next(reader)).payload.byteLength, 0);
  });

  it('carries topics in any script', async () => {
    const topic = 'contract/up/größe/温度/a b/50%';
    const reader = here().listener.receive();
    await here().openLink().send(textMessage(topic, 'unicode'));
    assert.equal((await next(reader)).topic, topic);
  });

  it('delivers 500 messages sent at once, each once and in order', async () => {
    const texts = Array.from({ length: 500 }, (_, index) => `message ${index}`);
    const reader = here().listener.receive();
    const link = here().openLink();
    const sends = texts.map((text) => link.send(textMessage(upTopic, text)));
    const received = await nextTexts(reader, texts.length);
    await Promise.all(sends);
    if (!here().traits.ordered) received.sort(byNumber);
    assert.deepEqual(received, texts);
  });

  it('takes sends of several links at once', async () => {
    const reader = here().listener.receive();
    const links = ['a', 'b', 'c'].map((name) => ({ name, link: here().openLink() }));
    const rounds = Array.from({ length: 20 }, (_, index) => index);
    const sends = links.flatMap(({ name, link }) =>
      rounds.map((index) => link.send(textMessage(upTopic, `${name} ${index}`))),
    );
    const received = await nextTexts(reader, sends.length);
    await Promise.all(sends);
    for (const { name } of links) {
      const own = received.filter((text) => text.startsWith(name));
      if (!here().traits.ordered) own.sort(byNumber);
      assert.deepEqual(
        own,
        rounds.map((index) => `${name} ${index}`),
      );
    }
  });

  it('gives every message to every reader, and one that ends early does not disturb the others', async () => {
    const { listener } = here();
    const [first, second, third] = [listener.receive(), listener.receive(), listener.receive()];
    const link = here().openLink();
    const sends = Array.from({ length: 100 }, (_, index) => link.send(textMessage(upTopic, `message ${index}`)));
    const early = nextTexts(second, 10).then(async (texts) => {
      await second.return?.();
      return texts;
    });
    const [all, some, rest] = await Promise.all([nextTexts(first, 100), early, nextTexts(third, 100)]);
    await Promise.all(sends);
    assert.equal(some.length, 10);
    assert.equal(new Set(all).size, 100);
    assert.deepEqual(all, rest);
    assert.equal((await second.next()).done, true);
  });

  it('the listener reaches its links', async () => {
    if (!here().traits.push) {
      await assert.rejects(here().listener.send(textMessage(downTopic, 'down')));
      return;
    }
    const links = [here().openLink(), here().openLink()];
    const readers = links.map((link) => link.receive());
    await Promise.all(links.map(async (link) => await link.ready()));
    const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`);
    const sends = texts.map((text) => here().listener.send(textMessage(downTopic, text)));
    for (const reader of readers) assert.deepEqual(await nextTexts(reader, texts.length), texts);
    await Promise.all(sends);
  });

  it('the listener reaches every reader of a link with topic, content type and properties', async () => {
    if (!here().traits.push) return;
    const link = here().openLink();
    const readers = [link.receive(), link.receive()];
    await link.ready();
    const payload = Buffer.from([0, 255, 10]);
    const properties = { site: 'north' };
    await here().listener.send({ topic: downTopic, payload, contentType: 'application/cbor', properties });
    for (const reader of readers) {
      const message = await next(reader);
      assert.equal(message.topic, downTopic);
      assert.deepEqual(Buffer.from(message.payload), payload);
      assert.equal(message.contentType, 'application/cbor');
      assert.deepEqual(message.properties, properties);
    }
  });

  it('what a send resolved for arrives, even when the link is closed right after', async () => {
    const link = here().openLink();
    const reader = here().listener.receive();
    await link.send(textMessage(upTopic, 'taken'));
    await link.close();
    assert.equal(textOf(await next(reader)), 'taken');
  });
}

const byNumber = (left: string, right: string): number => Number(left.split(' ')[1]) - Number(right.split(' ')[1]);
