import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { defaultLimits } from '../../../src/endpoint/limits.ts';
import { peerEndpoint, type PeerLink } from '../../../src/endpoints/peer/index.ts';
import { codeOf, next, nextTexts, stateOf, testLimits, textMessage } from '../../contract/world.ts';
import { selfSigned, type SelfSigned } from './self-signed.ts';

describe('two processes', () => {
  let server: SelfSigned;
  let client: SelfSigned;
  let child: ChildProcess;
  let link: PeerLink;

  before(async () => {
    [server, client] = [await selfSigned('server'), await selfSigned('client')];
  });
  /** The other process; gives its address. */
  const start = async (port = 0): Promise<string> => {
    const settings = { cert: server.cert, key: server.key, pins: [client.fingerprint], port };
    child = fork(new URL('echo-process.ts', import.meta.url), {
      env: { ...process.env, ECHO_SETTINGS: JSON.stringify(settings) },
    });
    return ((await once(child, 'message')) as [string])[0];
  };
  const kill = async (): Promise<void> => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  beforeEach(async () => {
    link = peerEndpoint.connect({
      url: await start(),
      tls: client,
      pin: server.fingerprint,
      ...testLimits,
      sendTimeoutMs: 60_000,
    });
  });
  afterEach(async () => {
    await link.close();
    if (child.exitCode === null && child.signalCode === null) await kill();
  });

  it('talk directly, both ways, and notice when one is killed', async () => {
    const reader = link.receive();
    const texts = Array.from({ length: 200 }, (_, index) => `${index}`);
    const echoes = nextTexts(reader, texts.length);
    await Promise.all(texts.map((text) => link.send(textMessage('t', text))));
    assert.deepEqual(await echoes, texts);
    await link.send({ topic: 'big', payload: Buffer.alloc(200_000, 7) });
    const big = await next(reader);
    assert.equal(big.topic, 'echo/big');
    assert.deepEqual(Buffer.from(big.payload), Buffer.alloc(200_000, 7));
    await kill();
    await stateOf(link, 'waiting');
  });

  it('go on after one was killed while much was under way: each send is settled, nothing comes in halves', async () => {
    const reader = link.receive({ highWaterMark: 10_000 });
    const payload = Buffer.alloc(200_000, 7);
    await link.ready();
    // More than it may have under way: some of it waits for the next process.
    const codes = Array.from({ length: 300 }, () => codeOf(link.send({ topic: 'big', payload })));
    await next(reader);
    await kill();
    await stateOf(link, 'waiting');
    await start(Number(new URL(link.url).port));
    const settled = await Promise.all(codes);
    // Only what was under way is lost with the process; what waited goes to the next.
    const lost = settled.filter((code) => code !== 'resolved');
    assert.ok(lost.length > 0 && lost.length <= defaultLimits.maxInFlight, `${lost.length}`);
    assert.ok(lost.every((code) => code === 'FAR_SIDE_GONE'));
    assert.ok(settled.slice(-100).every((code) => code === 'resolved'));
    const end = { topic: 'end', payload: Buffer.alloc(0) };
    await link.send(end);
    for (let one = await next(reader); one.topic !== 'echo/end'; one = await next(reader)) {
      assert.deepEqual(Buffer.from(one.payload), payload);
    }
  });
});
