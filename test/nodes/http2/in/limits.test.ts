import assert from 'node:assert/strict';
import type { Ask } from '../../../http/ask.ts';
import { HOLDING, listener, request, response, script } from '../flow-nodes.ts';
import { httpWorld } from '../world.ts';

describe('http2 in with limits of its own', () => {
  const world = httpWorld();
  const { overBoth } = world;
  /** A node with limits and one with those of the listener, which say something else. */
  const deploy = async (own: object, listened: object, func = 'return msg;'): Promise<void> => {
    await world.deploy(
      listener('listener', listened),
      request('own', { listener: 'listener', method: 'post', url: '/own', ...own }, 'script'),
      request('other', { listener: 'listener', method: 'post', url: '/other' }, 'script'),
      script('script', func),
      response('out'),
    );
  };
  const post = (body: string | Buffer): { method: string; body: string | Buffer } => ({ method: 'POST', body });

  it('refuses a larger body with 413, and takes one its listener would refuse', async () => {
    await deploy({ maxBodyBytes: 10 }, {});
    await overBoth(async (ask) => {
      assert.deepEqual(
        [(await ask('/own', post('x'.repeat(10)))).status, (await ask('/own', post('x'.repeat(11)))).status],
        [200, 413],
      );
      assert.equal((await ask('/other', post('x'.repeat(11)))).status, 200);
    });
    await deploy({ maxBodyBytes: 100 }, { maxPayloadBytes: 10 });
    await overBoth(async (ask) => {
      assert.deepEqual(
        [(await ask('/own', post('x'.repeat(11)))).status, (await ask('/other', post('x'.repeat(11)))).status],
        [200, 413],
      );
    });
  });

  it('refuses an upload above it', async () => {
    await deploy({ maxBodyBytes: 200, upload: true }, {});
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const form = (bytes: number): string =>
      `--b\r\ncontent-disposition: form-data; name="f"; filename="f"\r\n\r\n${'x'.repeat(bytes)}\r\n--b--\r\n`;
    await overBoth(async (ask) => {
      assert.equal((await ask('/own', { ...post(form(10)), headers })).status, 200);
      assert.equal((await ask('/own', { ...post(form(300)), headers })).status, 413);
    });
  });

  it('answers 429 to who asks more often, and says when to come back', async () => {
    await deploy({ maxPerSecond: 2 }, {});
    const answers = await Promise.all(Array.from({ length: 12 }, () => world.asker.http2('/own', post('x'))));
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length > 0 && refused.length < 12);
    for (const { headers, text } of refused) {
      assert.equal(headers['retry-after'], '1');
      assert.match(text, /RATE_EXCEEDED/);
    }
    const others = await Promise.all(Array.from({ length: 12 }, () => world.asker.http2('/other', post('x'))));
    assert.deepEqual(new Set(others.map(({ status }) => status)), new Set([200]));
  });

  it('answers 504 after its own time, and waits longer than its listener', async () => {
    /** Asks both, and has them answered once the one that does not wait has given up. */
    const statuses = async (ask: Ask, patient: string, hasty: string): Promise<number[]> => {
      const before = world.nodeRed.received('script').length;
      const [waits, givesUp] = [ask(patient, post('x')), ask(hasty, post('x'))];
      await world.nodeRed.receivedBy('script', before + 2);
      const { status } = await givesUp;
      world.nodeRed.send('script', { release: true });
      return [(await waits).status, status];
    };
    await deploy({ answerTimeoutMs: 100 }, { answerTimeoutMs: 60_000 }, HOLDING);
    await overBoth(async (ask) => assert.deepEqual(await statuses(ask, '/other', '/own'), [200, 504]));
    await deploy({ answerTimeoutMs: 60_000 }, { answerTimeoutMs: 100 }, HOLDING);
    assert.deepEqual(await statuses(world.asker.http2, '/own', '/other'), [200, 504]);
  });

  it('answers 408 to a body that does not come in its time', async () => {
    await deploy({ bodyTimeoutMs: 100 }, {});
    const stream = world.asker.session.request({ ':path': '/own', ':method': 'POST' });
    stream.write('half');
    const status = await new Promise((resolve) => void stream.once('response', (head) => resolve(head[':status'])));
    assert.equal(status, 408);
    stream.destroy();
  });
});
