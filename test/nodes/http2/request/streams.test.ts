import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { FlowMessage } from '../../../../nodes/adapter/message.ts';
import { http1Server, http2Server } from '../../../http/client/world.ts';
import { testIdentities } from '../../../front-door/test-door.ts';
import { errorText } from '../../../support/node-red.ts';
import { client, mirror, request, requestWorld, type Seen } from './world.ts';

const parts = ({ parts: said }: FlowMessage): Record<string, unknown> => said as Record<string, unknown>;

describe('an http2 request with a body in parts', () => {
  const { nodeRed, deploy } = requestWorld();
  let ca = '';
  before(async () => ({ ca } = (await testIdentities()).authority));

  it('emits chunk by chunk while the response comes, and says at the end how many there were', async () => {
    const asked = Promise.withResolvers<ServerResponse>();
    await using server = await http2Server((_incoming, response) => {
      response.write(Buffer.from('grü').subarray(0, 3));
      asked.resolve(response);
    });
    await deploy(request({ url: server.url, emit: 'chunks', client: 'client' }), client({ ca }));
    nodeRed().send('ours', { topic: 'asked' });
    const answer = await asked.promise;
    const [first] = await nodeRed().receivedBy('answers', 1);
    assert.deepEqual([first!.payload, first!.topic, first!['statusCode']], ['gr', 'asked', 200]);
    answer.write(Buffer.concat([Buffer.from('grü').subarray(3), Buffer.from('n')]));
    await nodeRed().receivedBy('answers', 2);
    answer.end();
    const all = await nodeRed().receivedBy('answers', 3);
    assert.deepEqual(
      all.map(({ payload }) => payload),
      ['gr', 'ün', ''],
    );
    assert.deepEqual(
      all.map((message) => parts(message)['index']),
      [0, 1, 2],
    );
    assert.deepEqual(
      all.map((message) => parts(message)['count']),
      [undefined, undefined, 3],
    );
    assert.deepEqual(
      all.map(({ complete }) => complete),
      [undefined, undefined, true],
    );
    assert.equal(new Set(all.map((message) => parts(message)['id'])).size, 1);
  });

  it('emits lines, as JSON too, wherever the chunks end', async () => {
    await using server = await http1Server((incoming, response) => {
      const lines = incoming.url === '/text' ? 'a\r\nb\n\nc' : '{"a":1}\n\n{"a":2}\n';
      for (const character of lines) response.write(character);
      response.end();
    });
    await deploy(request({ url: `${server.url}/text`, emit: 'lines' }));
    nodeRed().send('ours', {});
    assert.deepEqual(
      (await nodeRed().receivedBy('answers', 4)).map(({ payload }) => payload),
      ['a', 'b', '', 'c'],
    );
    await deploy(request({ url: server.url, emit: 'lines', ret: 'obj' }));
    nodeRed().send('ours', {});
    const objects = await nodeRed().receivedBy('answers', 3);
    assert.deepEqual(
      objects.map(({ payload }) => payload),
      [{ a: 1 }, { a: 2 }, undefined],
    );
    assert.equal(parts(objects[2]!)['count'], 3);
  });

  it('gives trailers with the response, and in a sequence with its end', async () => {
    for (const open of [http1Server, http2Server]) {
      await using server = await open((_incoming, response) => {
        response.writeHead(200, { trailer: 'x-sum' });
        response.write('body');
        response.addTrailers({ 'x-sum': '7' });
        response.end();
      });
      for (const emit of ['whole', 'chunks']) {
        await deploy(request({ url: server.url, emit, client: 'client' }), client({ ca }));
        nodeRed().send('ours', {});
        const last = (await nodeRed().receivedBy('answers', emit === 'whole' ? 1 : 2)).at(-1)!;
        assert.equal((last['trailers'] as Record<string, string>)['x-sum'], '7');
      }
    }
  });

  it('emits one empty part for no body', async () => {
    await using server = await http1Server((_incoming, response) => response.end());
    await deploy(request({ url: server.url, emit: 'chunks', ret: 'bin' }));
    nodeRed().send('ours', {});
    const [only] = await nodeRed().receivedBy('answers', 1);
    assert.deepEqual([only!.payload, parts(only!)['count']], [Buffer.alloc(0), 1]);
  });

  it('passes a response on as the body of another request', async () => {
    await using server = await http1Server((incoming, response) => {
      if (incoming.url !== '/from') return mirror(incoming, response);
      response.write('one ');
      setTimeout(() => response.end('two'), 10);
    });
    await deploy(
      { ...request({ url: `${server.url}/from`, emit: 'chunks', ret: 'bin' }), id: 'first', wires: [['ours']] },
      request({ url: `${server.url}/to`, method: 'POST', ret: 'obj', sequence: true }),
    );
    nodeRed().send('first', {});
    const [passed] = await nodeRed().receivedBy('answers', 1);
    assert.equal((passed!.payload as Seen).body, 'one two');
  });

  it('tells Catch when the response breaks off', async () => {
    await using server = await http1Server((_incoming, response) => response.write('half', () => response.destroy()));
    await deploy(request({ url: server.url, emit: 'chunks' }));
    nodeRed().send('ours', {});
    const [caught] = await nodeRed().receivedBy('caught', 1);
    assert.match(errorText(caught!), /^(FAR_SIDE_GONE|RESPONSE_INVALID): /);
  });

  it('sends messages of one sequence as one body, and emits the response with the last', async () => {
    await using server = await http2Server(mirror);
    await deploy(
      request({ url: server.url, method: 'POST', ret: 'obj', sequence: true, client: 'client' }),
      client({ ca }),
    );
    const send = (id: string, index: number, payload: unknown, more: object = {}): void =>
      nodeRed().send('ours', { payload, parts: { id, index, ...more } });
    send('one', 0, 'a');
    send('two', 0, 'x');
    send('one', 1, Buffer.from('b'));
    send('two', 1, 'y', { count: 2 });
    send('one', 2, 'c', { count: 3 });
    const bodies = (await nodeRed().receivedBy('answers', 2)).map(({ payload, parts }) => [
      (payload as Seen).body,
      parts,
    ]);
    assert.deepEqual(new Set(bodies.map(([body]) => body)), new Set(['abc', 'xy']));
    assert.ok(bodies.every(([, parts]) => parts === undefined));
    // A message without parts is a body of its own.
    nodeRed().send('ours', { payload: 'whole' });
    assert.equal(((await nodeRed().receivedBy('answers', 3))[2]!.payload as Seen).body, 'whole');
  });

  it('refuses a part out of its turn, and what is no part', async () => {
    await using server = await http1Server(mirror);
    await deploy(request({ url: server.url, method: 'POST', sequence: true }));
    for (const [message, expected] of [
      [{ payload: 'a', parts: { id: 'x', index: 1 } }, /begins with part 1/],
      [{ payload: 'a', parts: 'none' }, /needs msg\.parts with id and index/],
      [{ payload: { a: 1 }, parts: { id: 'y', index: 0 } }, /must be text or a buffer/],
    ] as [FlowMessage, RegExp][]) {
      const before = nodeRed().received('caught').length;
      nodeRed().send('ours', message);
      assert.match(errorText((await nodeRed().receivedBy('caught', before + 1)).at(-1)!), expected);
    }
    const before = nodeRed().received('caught').length;
    for (const index of [0, 2]) nodeRed().send('ours', { payload: 'a', parts: { id: 'z', index } });
    assert.match(
      errorText((await nodeRed().receivedBy('caught', before + 1)).at(-1)!),
      /part 2 came where part 1 belongs/,
    );
  });

  it('gives the response of a server that answers before it has all', async () => {
    await using server = await http1Server((_incoming, response) =>
      response.writeHead(413, { connection: 'close' }).end('too much'),
    );
    await deploy(request({ url: server.url, method: 'POST', sequence: true }));
    const payload = Buffer.alloc(100_000);
    for (let index = 0; index < 20; index += 1)
      nodeRed().send('ours', { payload, parts: { id: 'x', index, count: 20 } });
    const [first] = await Promise.race([nodeRed().receivedBy('answers', 1), nodeRed().receivedBy('caught', 1)]);
    assert.ok(first!['statusCode'] === 413 || /FAR_SIDE_GONE/.test(errorText(first!)), errorText(first!));
  });
});
