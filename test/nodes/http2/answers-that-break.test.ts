import assert from 'node:assert/strict';
import type { Ask } from '../../http/ask.ts';
import { errorText } from '../../support/node-red.ts';
import { listener, request, response, script } from './flow-nodes.ts';
import { httpWorld } from './world.ts';

describe('answers of http2 response that cannot be', () => {
  const world = httpWorld();
  const deploy = async (func: string, out: object = {}): Promise<void> => {
    await world.deploy(
      listener('listener', { answerTimeoutMs: 300 }),
      request('in', { listener: 'listener', url: '/thing' }, 'script'),
      script('script', func),
      response('out', out),
    );
  };
  /** Asks over both, and gives what Catch heard of it. */
  const overBoth = async (check: (ask: Ask) => Promise<void>): Promise<string[]> => {
    const already = world.nodeRed.received('caught').length;
    await Promise.all([check(world.asker.http1), check(world.asker.http2)]);
    return (await world.nodeRed.receivedBy('caught', already + 2)).slice(already).map(errorText);
  };

  it('are 504 when the payload is no JSON', async () => {
    for (const payload of ['msg.payload = { msg }', 'msg.payload = [10n]']) {
      await deploy(`${payload}; return msg;`);
      const told = await overBoth(async (ask) => assert.equal((await ask('/thing')).status, 504));
      for (const text of told) assert.match(text, /^MESSAGE_INVALID: .*JSON/);
    }
  });

  it('are 504 when a script sets a status that is none, and hold nothing of it', async () => {
    for (const status of ['"200 OK\\r\\nx-evil: 1"', '101', 'NaN', '200.5']) {
      await deploy(`msg.res.status(${status}).send("hello");`);
      const told = await overBoth(async (ask) => {
        const { status, headers } = await ask('/thing');
        assert.deepEqual([status, headers['x-evil']], [504, undefined]);
      });
      for (const text of told) assert.match(text, /no status of an answer/);
    }
    await deploy('msg.res.status("201").send("hello");');
    assert.equal((await world.asker.http1('/thing')).status, 201);
  });

  it('break off when a part or the trailers cannot be sent, compressed or not', async () => {
    for (const part of ['trailers: { "x-a": "b\\r\\nx-evil: 1" }', 'payload: [10n]']) {
      for (const coding of ['identity', 'gzip']) {
        await deploy(`return { res: msg.res, payload: "part", complete: true, ${part} };`, { mode: 'parts' });
        const told = await overBoth(async (ask) => {
          await assert.rejects(ask('/thing', { headers: { 'accept-encoding': coding } }), `${part} ${coding}`);
        });
        for (const text of told) assert.match(text, /^MESSAGE_INVALID: /);
      }
    }
  });

  it('have no body where the status has none, in parts too', async () => {
    await deploy('return { res: msg.res, statusCode: 204, payload: "part", complete: true };', { mode: 'parts' });
    for (const ask of [world.asker.http1, world.asker.http2]) {
      const { status, text } = await ask('/thing');
      assert.deepEqual([status, text], [204, '']);
    }
  });

  it('are whole when the parts of a stream are larger than what may wait', async () => {
    await deploy(
      'async function* parts() { for (let part = 0; part < 8; part += 1) yield "x".repeat(500_000); } return { res: msg.res, payload: parts() };',
      { maxWaitingBytes: 1_000 },
    );
    for (const ask of [world.asker.http1, world.asker.http2])
      assert.equal((await ask('/thing')).text.length, 4_000_000);
  });
});
