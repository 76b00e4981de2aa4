import assert from 'node:assert/strict';
import { codeOf, downTopic, next, stateOf, textMessage, textOf, upTopic, type World } from './world.ts';

/** How a link begins and ends. */
export function life(here: () => World): void {
  it('starts connecting, without a wait, and is ready when it is up', async () => {
    const link = here().openLink();
    assert.equal(link.state.name, 'connecting');
    await link.ready();
    assert.equal(link.state.name, 'up');
    assert.deepEqual(link.traits, here().traits);
    assert.match(link.url, /^[a-z0-9]+:\/\/127\.0\.0\.1:\d+/);
  });

  it('the listener counts the far sides that are connected', async () => {
    const links = [here().openLink(), here().openLink()];
    await Promise.all(links.map(async (link) => await link.ready()));
    await Promise.all(links.map(async (link) => await link.send(textMessage(upTopic, 'here'))));
    const { connections } = here().listener;
    assert.ok(connections >= 2, `${connections}`);
    await Promise.all(links.map(async (link) => await link.close()));
    while (here().listener.connections > connections - 2) await new Promise(setImmediate);
  });

  it('ready rejects for a link that is closed, and for a signal that fires', async () => {
    await here().stopServer();
    const link = here().openLink();
    const reason = new Error('tired of waiting');
    const stop = new AbortController();
    const aborted = link.ready(stop.signal);
    const closed = codeOf(link.ready());
    stop.abort(reason);
    await assert.rejects(aborted, (error) => error === reason);
    await link.close();
    assert.equal(await closed, 'LINK_CLOSED');
    assert.equal(await codeOf(link.ready()), 'LINK_CLOSED');
  });

  it('stays up when this process stood still for longer than the keep alive', async () => {
    const link = here().openLink({ keepAliveMs: 1000 });
    await link.ready();
    const states: string[] = [];
    link.onState(({ name }) => states.push(name));
    const until = performance.now() + 2500;
    while (performance.now() < until);
    const reader = here().listener.receive();
    await link.send(textMessage(upTopic, 'awake'));
    assert.equal(textOf(await next(reader)), 'awake');
    assert.deepEqual(states, []);
  });

  it('close ends the readers, rejects what waits, and can be called again', async () => {
    await here().stopServer();
    const link = here().openLink();
    const names: string[] = [];
    link.onState((state) => names.push(state.name));
    const reading = link.receive().next();
    const sends = [1, 2, 3].map((index) => codeOf(link.send(textMessage(upTopic, `${index}`))));
    await Promise.all([link.close(), link.close()]);
    await link.close();
    assert.equal((await reading).done, true);
    assert.deepEqual(await Promise.all(sends), ['LINK_CLOSED', 'LINK_CLOSED', 'LINK_CLOSED']);
    assert.equal(link.state.name, 'closed');
    assert.equal(names.at(-1), 'closed');
    assert.equal(await codeOf(link.send(textMessage(upTopic, 'late'))), 'LINK_CLOSED');
    assert.equal((await link.receive().next()).done, true);
  });

  it('close rejects sends the far side has not taken yet', async () => {
    here().listener.receive({ highWaterMark: 1 });
    const link = here().openLink({ maxInFlight: 4 });
    await link.ready();
    const sends = Array.from({ length: 150 }, (_, index) => codeOf(link.send(textMessage(upTopic, `${index}`))));
    await sends[0];
    await link.close();
    assert.deepEqual(new Set(await Promise.all(sends)), new Set(['resolved', 'LINK_CLOSED']));
  });

  it('a closed listener ends its readers, refuses sends, and can be closed again', async () => {
    const { listener } = here();
    const reading = listener.receive().next();
    await here().stopServer();
    await listener.close();
    assert.equal((await reading).done, true);
    assert.equal(await codeOf(listener.send(textMessage(downTopic, 'late'))), 'LINK_CLOSED');
    assert.equal((await listener.receive().next()).done, true);
  });

  it('leaves no socket and no timer behind when all is closed', async () => {
    const reader = here().listener.receive();
    const before = handles();
    const links = [here().openLink(), here().openLink()];
    await Promise.all(links.map(async (link) => await link.send(textMessage(upTopic, 'x'))));
    assert.equal(textOf(await next(reader)), 'x');
    await here().stopServer();
    await Promise.all(links.map(async (link) => await stateOf(link, 'waiting')));
    await Promise.all(links.map(async (link) => await link.close()));
    // A socket's handle is released in the turns after its close; a leak never is, and the test then times out.
    while (handles() > before) await new Promise(setImmediate);
  });

  it('await using closes a link', async () => {
    let state: () => string;
    {
      await using link = here().openLink();
      await link.ready();
      state = () => link.state.name;
    }
    assert.equal(state(), 'closed');
  });
}

/** Open sockets and servers. Timers are left out: mocha has its own. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => /TCP|TLS|HTTP2/.test(kind)).length;
}
