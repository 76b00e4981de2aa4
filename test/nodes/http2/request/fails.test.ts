import assert from 'node:assert/strict';
import type { FlowMessage } from '../../../../nodes/adapter/message.ts';
import { http1Server } from '../../../http/client/world.ts';
import { errorText } from '../../../support/node-red.ts';
import { client, request, requestWorld, type Settings } from './world.ts';

describe('an http2 request fails', () => {
  const { nodeRed, ask, deploy } = requestWorld();

  it('to Catch only, or on its output too', async () => {
    const url = 'http://127.0.0.1:9/';
    await deploy(request({ url, client: 'client' }), client({ maxRetries: 0 }));
    nodeRed().send('ours', { topic: 'lost' });
    const [caught] = await nodeRed().receivedBy('caught', 1);
    assert.match(errorText(caught!), /^FAR_SIDE_GONE: /);
    assert.equal(nodeRed().received('answers').length, 0);
    await deploy(request({ url, senderr: false, client: 'client' }), client({ maxRetries: 0 }));
    nodeRed().send('ours', { topic: 'lost' });
    const [answer] = await nodeRed().receivedBy('answers', 1);
    assert.deepEqual([answer!['statusCode'], answer!.topic], ['FAR_SIDE_GONE', 'lost']);
    assert.match(String(answer!.payload), /no connection to http:\/\/127\.0\.0\.1:9/);
    assert.equal((await nodeRed().receivedBy('caught', 1)).length, 1);
  });

  it('for a status of 400 or more when it is told to', async () => {
    await using server = await http1Server((_request, response) => response.writeHead(404).end('no such thing'));
    const answer = await ask({ url: server.url }, {});
    assert.deepEqual([answer['statusCode'], answer.payload], [404, 'no such thing']);
    const caught = await ask({ url: server.url, statusErrors: true, ret: 'obj' }, {});
    assert.match(errorText(caught), /^FAR_SIDE_REFUSED: .*404 Not Found/);
    assert.deepEqual([caught['statusCode'], caught.payload], [404, 'no such thing']);
  });

  it('for what cannot be asked', async () => {
    const url = 'http://127.0.0.1:9/';
    for (const [settings, message, expected] of [
      [{ url: '' }, {}, /no address/],
      [{ url: '' }, { url: 'ftp://x/' }, /must begin with https/],
      [{ url: '' }, { url: 'http://' }, /the address is none/],
      [{ url, method: 'use' }, { method: 'a b' }, /msg\.method is no method/],
      [{ url, paytoqs: 'query' }, { payload: 'text' }, /must be an object/],
      [{ url }, { rejectUnauthorized: false }, /Unverified on demand/],
      [{ url }, { rejectUnauthorized: 'maybe' }, /must be true or false/],
      [{ url }, { requestTimeout: -1 }, /number of ms/],
      [{ url }, { headers: { 'a b': 'c' } }, /MESSAGE_INVALID/],
    ] as [Settings, FlowMessage, RegExp][]) {
      assert.match(errorText(await ask(settings, message)), expected);
    }
  });

  it('when msg.requestTimeout, its own limit, or that of settings.js is over', async () => {
    await using server = await http1Server(() => undefined);
    assert.match(errorText(await ask({ url: server.url }, { requestTimeout: 30 })), /REQUEST_TIMED_OUT: .* 30 ms/);
    assert.match(errorText(await ask({ url: server.url, requestTimeoutMs: 40 }, {})), /within 40 ms/);
  });

  it('when the node is deployed again meanwhile, and the server sees it go', async () => {
    const gone = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await using server = await http1Server((_request, response) => {
      response.once('close', () => gone.resolve());
      asked.resolve();
    });
    await deploy(request({ url: server.url }));
    nodeRed().send('ours', {});
    await asked.promise;
    await deploy();
    await gone.promise;
  });
});
