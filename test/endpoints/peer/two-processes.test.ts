import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { peerEndpoint } from '../../../src/endpoints/peer/index.ts';
import { next, nextTexts, stateOf, testLimits, textMessage } from '../../contract/world.ts';
import { selfSigned } from './self-signed.ts';

describe('two processes', () => {
  it('talk directly, both ways, and notice when one is killed', async () => {
    const [server, client] = [await selfSigned('server'), await selfSigned('client')];
    const settings = JSON.stringify({ cert: server.cert, key: server.key, pins: [client.fingerprint] });
    const child = fork(new URL('echo-process.ts', import.meta.url), {
      env: { ...process.env, ECHO_SETTINGS: settings },
    });
    const exited = once(child, 'exit');
    const [url] = (await once(child, 'message')) as [string];
    await using link = peerEndpoint.connect({ url, tls: client, pin: server.fingerprint, ...testLimits });
    const reader = link.receive();
    const texts = Array.from({ length: 200 }, (_, index) => `${index}`);
    const echoes = nextTexts(reader, texts.length);
    await Promise.all(texts.map((text) => link.send(textMessage('t', text))));
    assert.deepEqual(await echoes, texts);
    await link.send({ topic: 'big', payload: Buffer.alloc(200_000, 7) });
    const big = await next(reader);
    assert.equal(big.topic, 'echo/big');
    assert.deepEqual(Buffer.from(big.payload), Buffer.alloc(200_000, 7));
    child.kill('SIGKILL');
    await exited;
    await stateOf(link, 'waiting');
  });
});
