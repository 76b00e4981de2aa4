import assert from 'node:assert/strict';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { openAsker } from '../../../http/ask.ts';
import { errorText, tab, type StoredNode } from '../../../support/node-red.ts';
import { listener, request, response, script } from '../flow-nodes.ts';
import { httpWorld } from '../world.ts';

/** Above what a listener takes whole by default. */
const LARGE = Buffer.alloc(6_000_000, 'large ');

describe('http2 in with a body that still comes', () => {
  const world = httpWorld();
  const { overBoth } = world;
  const deploy = (...nodes: StoredNode[]): Promise<void> => world.deploy(listener('listener'), ...nodes);
  const taking = (more: object, to: string): StoredNode =>
    request('in', { listener: 'listener', method: 'post', url: '/body', ...more }, to);
  const counting = [
    script(
      'script',
      'let n = 0; for await (const part of msg.payload) n += part.length; msg.payload = { n }; return msg;',
    ),
    response('out'),
  ];

  it('gives it to the flow as a stream, decompressed, whatever its size', async () => {
    await deploy(taking({ bodyAs: 'stream' }, 'script'), ...counting);
    await overBoth(async (ask) => {
      assert.equal((await ask('/body', { method: 'POST', body: LARGE })).text, `{"n":${LARGE.length}}`);
      const headers = { 'content-encoding': 'gzip' };
      const { text } = await ask('/body', { method: 'POST', headers, body: gzipSync(LARGE) });
      assert.equal(text, `{"n":${LARGE.length}}`);
    });
  });

  it('breaks the stream above the limit and answers 413, 415 and 400 to what cannot be read', async () => {
    await deploy(taking({ bodyAs: 'stream', maxBodyBytes: 100_000 }, 'script'), ...counting);
    await overBoth(async (ask) => {
      assert.equal((await ask('/body', { method: 'POST', body: LARGE })).status, 413);
      const packed = { 'content-encoding': 'gzip' };
      assert.equal((await ask('/body', { method: 'POST', headers: packed, body: gzipSync(LARGE) })).status, 413);
      assert.equal((await ask('/body', { method: 'POST', headers: packed, body: 'no gzip' })).status, 400);
      assert.equal(
        (await ask('/body', { method: 'POST', headers: { 'content-encoding': 'x' }, body: 'x' })).status,
        415,
      );
    });
  });

  it('lets the flow answer without reading on', async () => {
    await deploy(
      taking({ bodyAs: 'stream' }, 'script'),
      script('script', 'for await (const part of msg.payload) { msg.payload = String(part[0]); return msg; }'),
      response('out'),
    );
    await overBoth(async (ask) => {
      for (let time = 0; time < 3; time += 1) {
        const { status, text } = await ask('/body', { method: 'POST', body: Buffer.alloc(200_000, 7) });
        assert.deepEqual([status, text], [200, '7']);
      }
    });
  });

  it('gives it to the flow in parts, while more comes', async () => {
    await deploy(taking({ bodyAs: 'parts' }, 'out'), response('out', { mode: 'parts' }));
    const stream = world.asker.session.request({ ':path': '/body', ':method': 'POST' });
    for (const text of ['one', 'two']) {
      stream.write(text);
      const [part] = (await once(stream, 'data')) as [Buffer];
      assert.equal(part.toString(), text);
    }
    stream.end();
    stream.resume();
    await once(stream, 'end');
    await overBoth(async (ask) => {
      assert.ok((await ask('/body', { method: 'POST', body: LARGE })).bytes.equals(LARGE));
      assert.equal((await ask('/body', { method: 'POST' })).text, '');
    });
  });

  it('numbers the parts, so that they can be joined', async () => {
    await deploy(
      taking({ bodyAs: 'parts' }, 'join'),
      { id: 'join', type: 'join', z: tab.id, mode: 'auto', wires: [['out']] },
      response('out'),
    );
    const { bytes } = await world.asker.http2('/body', { method: 'POST', body: LARGE.subarray(0, 500_000) });
    assert.ok(bytes.equals(LARGE.subarray(0, 500_000)));
  });

  it('tells Catch of a body that breaks off', async () => {
    await deploy(taking({ bodyAs: 'parts' }, 'out'), response('out', { mode: 'parts' }));
    const { door, identity } = world.nodeRed.services;
    const { session } = await openAsker(`https://127.0.0.1:${door.port}`, identity);
    const stream = session.request({ ':path': '/body', ':method': 'POST' });
    stream.on('error', () => undefined);
    stream.write('half');
    await once(stream, 'data');
    session.destroy();
    assert.match(errorText((await world.nodeRed.receivedBy('caught', 1))[0]!), /MESSAGE_INVALID: .*not whole/);
  });

  it('turns red where a schema or files need all of it', async () => {
    for (const more of [{ upload: true }, { requestSchema: '{"type":"object"}' }]) {
      await world.nodeRed.deploy([
        tab,
        listener('listener'),
        taking({ bodyAs: 'stream', ...more }, 'out'),
        response('out'),
      ]);
      await world.nodeRed.statusOf('in', /SETTINGS_INVALID/);
    }
  });
});
