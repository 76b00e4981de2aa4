import assert from 'node:assert/strict';
import { isFault } from '../../src/fault.ts';
import { codeOf, downTopic, next, nextTexts, stateOf, textMessage, textOf, upTopic, type World } from './world.ts';

/** The far side goes away, comes back, or is not who it should be. */
export function outage(here: () => World): void {
  it('comes back by itself: up, waiting, connecting, up', async () => {
    const link = here().openLink();
    await link.ready();
    assert.equal(link.state.name, 'up');
    const states: string[] = [];
    link.onState((state) => states.push(state.name));
    await here().stopServer();
    await stateOf(link, 'waiting');
    await here().startServer();
    await stateOf(link, 'up');
    assert.equal(states[0], 'waiting');
    assert.deepEqual(states.slice(-2), ['connecting', 'up']);
    const turns = states.join(' ').replaceAll('waiting connecting', '').trim();
    assert.equal(turns, 'up', states.join(' '));
    const reader = here().listener.receive();
    await link.send(textMessage(upTopic, 'again'));
    assert.equal(textOf(await next(reader)), 'again');
  });

  it('the listener reaches a link that came back', async () => {
    if (!here().traits.push) return;
    const link = here().openLink();
    const reader = link.receive();
    await link.ready();
    await here().stopServer();
    await stateOf(link, 'waiting');
    await here().startServer();
    await link.ready();
    await here().listener.send(textMessage(downTopic, 'down again'));
    assert.equal(textOf(await next(reader)), 'down again');
  });

  it('delivers the sends that waited through an outage, in order', async () => {
    const link = here().openLink();
    await link.ready();
    await here().stopServer();
    await stateOf(link, 'waiting');
    const texts = Array.from({ length: 20 }, (_, index) => `waited ${index}`);
    const sends = texts.map((text) => link.send(textMessage(upTopic, text)));
    await here().startServer();
    const reader = here().listener.receive();
    const received = await nextTexts(reader, texts.length);
    await Promise.all(sends);
    assert.deepEqual(
      here().traits.ordered ? received : received.toSorted(),
      here().traits.ordered ? texts : texts.toSorted(),
    );
  });

  it('a wait says when it will try again and why it has to', async () => {
    await here().stopServer();
    const link = here().openLink();
    const state = await stateOf(link, 'waiting');
    assert.ok(state.name === 'waiting');
    assert.ok(state.retryInMs >= 0 && state.retryInMs <= 50, `${state.retryInMs}`);
    assert.ok(isFault(state.cause) && state.cause.code === 'FAR_SIDE_GONE', String(state.cause));
  });

  it('gives a send up after sendTimeoutMs when the far side is away', async () => {
    await here().stopServer();
    const link = here().openLink({ sendTimeoutMs: 150 });
    const code = await codeOf(link.send(textMessage(upTopic, 'nobody')));
    assert.ok(code === 'SEND_TIMED_OUT' || code === 'FAR_SIDE_GONE', `got ${String(code)}`);
  });

  it('gives a send up after sendTimeoutMs when nobody takes it, and goes on afterwards', async () => {
    const reader = here().listener.receive({ highWaterMark: 1 });
    const link = here().openLink({ sendTimeoutMs: 400, maxInFlight: 4 });
    // On a busy machine it may take longer than that to come up.
    await link.ready();
    const codes = await Promise.all(
      Array.from({ length: 120 }, (_, index) => codeOf(link.send(textMessage(upTopic, `${index}`)))),
    );
    assert.ok(codes.includes('SEND_TIMED_OUT'), codes.join(' '));
    await reader.return?.();
    const after = here().listener.receive();
    const received = (async (): Promise<void> => {
      while (textOf(await next(after)) !== 'after');
    })();
    // On a busy machine its time may be too short for this one, too; then the next goes through.
    while ((await codeOf(link.send(textMessage(upTopic, 'after')))) === 'SEND_TIMED_OUT');
    await received;
  });

  it('never comes up with a far side it cannot verify, and says so', async () => {
    const link = here().openLinkWithWrongCa();
    const names: string[] = [link.state.name];
    link.onState((state) => names.push(state.name));
    const state = await stateOf(link, 'waiting');
    assert.ok(state.name === 'waiting');
    assert.ok(isFault(state.cause) && state.cause.code === 'FAR_SIDE_UNTRUSTED', String(state.cause));
    await stateOf(link, 'connecting');
    await stateOf(link, 'waiting');
    assert.ok(!names.includes('up'), names.join(' '));
    const send = codeOf(link.send(textMessage(upTopic, 'secret')));
    await link.close();
    assert.equal(await send, 'LINK_CLOSED');
  });
}
