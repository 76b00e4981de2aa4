import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ClientHttp2Stream } from 'node:http2';
import { connect as tlsConnect } from 'node:tls';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { errorText, type StoredNode } from '../../support/node-red.ts';
import { listener, request, response, script } from './flow-nodes.ts';
import { httpWorld } from './world.ts';

describe('answers of http2 response', () => {
  const world = httpWorld();
  const { deploy, overBoth } = world;
  const answering = (func: string, out: object = {}, own: object = {}): StoredNode[] => [
    listener('listener', own),
    request('in', { listener: 'listener', method: 'any', url: '/thing' }, 'script'),
    script('script', func),
    response('out', out),
  ];
  const get = (path: string, headers: Record<string, string> = {}): ClientHttp2Stream =>
    world.asker.session.request({ ':path': path, ...headers });

  it('are what the core node makes of each kind of payload', async () => {
    await deploy(...answering('msg.payload = eval("(" + msg.payload.value + ")"); return msg;'));
    const kinds: [value: string, type: string | undefined, text: string][] = [
      ['"<b>"', 'text/html; charset=utf-8', '<b>'],
      ['Buffer.from("ab")', 'application/octet-stream', 'ab'],
      ['({ a: [1] })', 'application/json; charset=utf-8', '{"a":[1]}'],
      ['null', 'application/json; charset=utf-8', 'null'],
      ['12.5', 'text/html; charset=utf-8', '12.5'],
      ['true', 'application/json; charset=utf-8', 'true'],
      ['undefined', undefined, ''],
    ];
    await overBoth(async (ask) => {
      for (const [value, type, text] of kinds) {
        const answer = await ask(`/thing?value=${encodeURIComponent(value)}`);
        assert.deepEqual([answer.status, answer.headers['content-type'], answer.text], [200, type, text], value);
        assert.equal(answer.headers['content-length'], String(Buffer.byteLength(text)), value);
      }
      const script = await ask('/thing?value=%7Ba%3A1%7D&callback=take.it');
      assert.equal(script.text, `/**/ typeof take.it === 'function' && take.it({"a":1});`);
      assert.equal(script.headers['x-content-type-options'], 'nosniff');
      assert.equal((await ask('/thing?value=%7Ba%3A1%7D&callback=alert(1)')).text, '{"a":1}');
    });
  });

  it('go to Catch and not to the client when a header, status or cookie cannot be', async () => {
    await deploy(
      ...answering(
        'Object.assign(msg, eval("(" + msg.payload.value + ")")); return msg;',
        {},
        { answerTimeoutMs: 300 },
      ),
    );
    const wrong = [
      '{ headers: { "a b": 1 } }',
      '{ headers: { a: "x\\r\\ny: 1" } }',
      '{ statusCode: 99 }',
      '{ cookies: { "a;b": "x" } }',
    ];
    for (const [index, value] of wrong.entries()) {
      assert.equal((await world.asker.http2(`/thing?value=${encodeURIComponent(value)}`)).status, 504, value);
      assert.match(errorText((await world.nodeRed.receivedBy('caught', index + 1))[index]!), /^MESSAGE_INVALID: /);
    }
  });

  it('have an entity tag, are 304 to who has it, and 412 to who expects another', async () => {
    await deploy(...answering('msg.payload = "same"; return msg;'));
    await overBoth(async (ask) => {
      const { headers } = await ask('/thing');
      const tag = headers.etag ?? '';
      assert.match(tag, /^W\/"4-/);
      for (const list of [tag, `"other", ${tag}`, '*', tag.slice(2)]) {
        const { status, text, headers } = await ask('/thing', { headers: { 'if-none-match': list } });
        assert.deepEqual([status, text, headers.etag], [304, '', tag], list);
      }
      assert.equal((await ask('/thing', { headers: { 'if-none-match': '"other"' } })).status, 200);
      assert.equal((await ask('/thing', { headers: { 'if-match': '"other"' } })).status, 412);
      assert.equal((await ask('/thing', { method: 'POST' })).headers.etag, undefined);
    });
  });

  it('give the range that is asked for', async () => {
    await deploy(...answering('msg.payload = "0123456789"; msg.headers = { etag: \'"v1"\' }; return msg;'));
    const cases: [range: string, status: number, text: string, header: string | undefined][] = [
      ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
      ['bytes=7-', 206, '789', 'bytes 7-9/10'],
      ['bytes=-2', 206, '89', 'bytes 8-9/10'],
      ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
      ['bytes=10-', 416, '', 'bytes */10'],
      ['bytes=4-2', 200, '0123456789', undefined],
      ['bytes=0-1,3-4', 200, '0123456789', undefined],
      ['lines=1-2', 200, '0123456789', undefined],
    ];
    await overBoth(async (ask) => {
      for (const [range, status, text, header] of cases) {
        const answer = await ask('/thing', { headers: { range } });
        assert.deepEqual([answer.status, answer.text, answer.headers['content-range']], [status, text, header], range);
      }
      const ifRange = (tag: string) => ask('/thing', { headers: { range: 'bytes=0-0', 'if-range': tag } });
      assert.deepEqual([(await ifRange('"v1"')).status, (await ifRange('"v2"')).status], [206, 200]);
    });
  });

  it('give no range to who has a tag of it that a compressed form has, too', async () => {
    await deploy(...answering('msg.payload = "0123456789".repeat(500); return msg;'));
    await overBoth(async (ask) => {
      const { headers } = await ask('/thing', { headers: { 'accept-encoding': 'gzip' } });
      const tag = String(headers.etag);
      assert.match(tag, /^W\//);
      const answer = await ask('/thing', { headers: { range: 'bytes=5-', 'if-range': tag } });
      assert.deepEqual([answer.status, answer.text.length], [200, 5_000]);
      const known = await ask('/thing', { headers: { 'if-none-match': tag } });
      assert.deepEqual([known.status, known.headers.vary], [304, 'accept-encoding']);
    });
  });

  it('are compressed the way the client likes best', async () => {
    await deploy(...answering('msg.payload = msg.payload.short ? "short" : "long ".repeat(1000); return msg;'));
    const decoders = { br: brotliDecompressSync, zstd: zstdDecompressSync, gzip: gunzipSync } as const;
    const wishes: [accept: string, coding: keyof typeof decoders | undefined][] = [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip;q=0.5, zstd', 'zstd'],
      ['gzip', 'gzip'],
      ['*', 'br'],
      ['br;q=0, *;q=0.1', 'zstd'],
      ['identity', undefined],
      ['br;q=0', undefined],
    ];
    await overBoth(async (ask) => {
      for (const [accept, coding] of wishes) {
        const { headers, bytes } = await ask('/thing', { headers: { 'accept-encoding': accept } });
        assert.deepEqual([headers['content-encoding'], headers.vary], [coding, 'accept-encoding'], accept);
        const plain = coding === undefined ? bytes : decoders[coding](bytes);
        assert.equal(plain.toString(), 'long '.repeat(1000), accept);
        assert.equal(headers['content-length'], String(bytes.length));
      }
      const short = await ask('/thing?short=1', { headers: { 'accept-encoding': 'br' } });
      assert.equal(short.headers['content-encoding'], undefined);
    });
  });

  it('come in parts, each as soon as the flow sends it, with trailers at the end', async () => {
    await deploy(...answering(IN_PARTS, { mode: 'parts' }));
    const stream = get('/thing');
    const [head] = await once(stream, 'response');
    assert.equal(head[':status'], 200);
    assert.equal(String((await once(stream, 'data'))[0]), 'first ');
    let trailers: Record<string, unknown> = {};
    stream.on('trailers', (fields) => (trailers = { ...fields }));
    // The second part waits for this.
    const going = world.asker.http2('/thing', { headers: { 'x-go': '1' } });
    const rest: Buffer[] = [];
    for await (const chunk of stream) rest.push(chunk as Buffer);
    assert.equal(Buffer.concat(rest).toString(), '{"second":2}\n3');
    assert.equal(trailers['x-sum'], '6');
    assert.equal((await going).text, 'gone on');
    const overHttp1 = world.asker.http1('/thing');
    await world.nodeRed.receivedBy('script', 3);
    await world.asker.http2('/thing', { headers: { 'x-go': '1' } });
    const { text, trailers: fields } = await overHttp1;
    assert.deepEqual([text, fields['x-sum']], ['first {"second":2}\n3', '6']);
  });

  it('in parts are compressed part by part', async () => {
    await deploy(
      ...answering(
        'node.send({ res: msg.res, payload: "part one" }); setTimeout(() => node.send({ res: msg.res, payload: ", part two", complete: true }), 200);',
        { mode: 'parts' },
      ),
    );
    for (const [coding, decode] of [
      ['br', brotliDecompressSync],
      ['zstd', zstdDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const { headers, bytes } = await world.asker.http2('/thing', { headers: { 'accept-encoding': coding } });
      assert.equal(headers['content-encoding'], coding);
      assert.equal(decode(bytes).toString(), 'part one, part two');
    }
  });

  it('send a payload that is a stream, and break off when it breaks', async () => {
    await deploy(...answering(STREAMED));
    await overBoth(async (ask) => {
      const { text } = await ask('/thing');
      assert.equal(text.length, 3_000_000);
    });
    const broken = get('/thing?broken=1');
    const closed = new Promise((resolve) => void broken.once('close', resolve));
    broken.on('error', () => undefined).resume();
    await closed;
    assert.notEqual(broken.rstCode, 0);
    assert.match(errorText((await world.nodeRed.receivedBy('caught', 1))[0]!), /on purpose/);
  });

  it('in parts cut off who does not read, and tell it to Catch', async () => {
    await deploy(...answering(FLOOD, { mode: 'parts', maxWaitingBytes: 100_000 }));
    const stream = get('/thing');
    stream.on('error', () => undefined);
    await once(stream, 'response');
    assert.match(errorText((await world.nodeRed.receivedBy('caught', 1))[0]!), /^QUEUE_FULL: /);
    const closed = new Promise((resolve) => void stream.once('close', resolve));
    stream.resume();
    await closed;
    assert.notEqual(stream.rstCode, 0);
  });

  it('as events go to all readers, or to those of a topic, or to one; who comes back gets what was missed', async () => {
    await deploy(
      request('in', { url: '/events/:topic?' }, 'script'),
      script('script', 'msg.topic = msg.req.params.topic; flow.set("last", msg.res); return msg;'),
      response('out', { mode: 'events', history: 3, retryMs: 1234, headers: { 'X-Own': 'yes' } }),
    );
    const read = async (path: string, headers: Record<string, string> = {}) => {
      const stream = get(path, headers);
      const [head] = await once(stream, 'response');
      let text = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      const until = async (part: string): Promise<string> => {
        while (!text.includes(part)) await once(stream, 'data');
        return text;
      };
      return { stream, head, until, text: () => text };
    };
    const all = await read('/events');
    assert.equal(all.head['content-type'], 'text/event-stream; charset=utf-8');
    assert.equal(all.head['x-own'], 'yes');
    assert.match(await all.until('\n\n'), /^retry: 1234\n\n$/);
    const some = await read('/events/a');
    await world.nodeRed.statusOf('out', /^2 reading/);
    world.nodeRed.send('out', { topic: 'a', payload: { n: 1 }, eventId: 'one', event: 'reading' });
    world.nodeRed.send('out', { topic: 'b', payload: 'two\nlines', eventId: 'two', retryMs: 5 });
    world.nodeRed.send('out', { payload: 'for all', eventId: 'three' });
    assert.match(
      await all.until('for all'),
      /id: one\nevent: reading\ndata: \{"n":1\}\n\nid: two\nretry: 5\ndata: two\ndata: lines\n\nid: three\ndata: for all\n\n$/,
    );
    assert.doesNotMatch(await some.until('for all'), /two/);
    world.nodeRed.send('out', { payload: 'automatic' });
    assert.match(await all.until('automatic'), /id: [a-z0-9]+-4\ndata: automatic/);
    // Three are kept, and "one" is no longer among them.
    const back = await read('/events', { 'last-event-id': 'two' });
    assert.match(await back.until('automatic'), /^retry: 1234\n\nid: three\n[^]*automatic\n\n$/);
    const lost = await read('/events', { 'last-event-id': 'one' });
    assert.match(await lost.until('automatic'), /id: two[^]*id: three[^]*automatic/);
    for (const { stream } of [all, some, back, lost]) stream.close();
    await world.nodeRed.statusOf('out', /^0 reading/);
  });

  it('as events catch up with all that is kept, however much it is, and go on in order', async () => {
    await deploy(
      request('in', { url: '/events' }, 'out'),
      response('out', { mode: 'events', history: 60, maxWaitingBytes: 100_000 }),
    );
    const send = (from: number, to: number): void => {
      for (let n = from; n < to; n += 1)
        world.nodeRed.send('out', { payload: `${n} ${'x'.repeat(30_000)}`, eventId: n });
    };
    send(0, 40);
    await world.nodeRed.receivedBy('out', 40);
    const { door, identity } = world.nodeRed.services;
    for (const version of [1, 2]) {
      const stream =
        version === 2
          ? get('/events', { 'last-event-id': 'long ago' })
          : tlsConnect({ host: '127.0.0.1', port: door.port, ...identity, ALPNProtocols: ['http/1.1'] });
      if (version === 1) stream.write('GET /events HTTP/1.1\r\nhost: here\r\nlast-event-id: long ago\r\n\r\n');
      stream.setEncoding('utf8');
      let text = '';
      for await (const part of stream) {
        // While it still catches up.
        if (text === '') send(30 + version * 10, 40 + version * 10);
        text += part;
        if (text.includes(`data: ${39 + version * 10} `)) break;
      }
      const seen = Array.from(text.matchAll(/^data: (\d+) /gm), ([, n]) => Number(n));
      assert.deepEqual([...seen], Array.from(Array(40 + version * 10).keys()));
    }
    await world.nodeRed.statusOf('out', /^0 reading/);
  });

  it('as events have no reader in who asks for the head only, and end', async () => {
    await deploy(request('in', { url: '/events' }, 'out'), response('out', { mode: 'events' }));
    await overBoth(async (ask) => {
      const { status, headers, text } = await ask('/events', { method: 'HEAD' });
      assert.deepEqual([status, headers['content-type'], text], [200, 'text/event-stream; charset=utf-8', '']);
    });
    await world.nodeRed.statusOf('out', /^0 reading/);
    const { door, identity } = world.nodeRed.services;
    const socket = tlsConnect({ host: '127.0.0.1', port: door.port, ...identity, ALPNProtocols: ['http/1.1'] });
    await once(socket, 'secureConnect');
    socket.write(
      'HEAD /events HTTP/1.1\r\nhost: here\r\n\r\nHEAD /events HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n',
    );
    const heads = String(Buffer.concat(await socket.toArray()));
    assert.equal(heads.match(/HTTP\/1\.1 200/g)?.length, 2);
  });

  it('as events are bounded: 503 above the most readers, and cut off who does not read', async () => {
    await deploy(
      request('in', { url: '/events' }, 'out'),
      response('out', { mode: 'events', maxReaders: 1, maxWaitingBytes: 100_000 }),
    );
    const stream = get('/events');
    await once(stream, 'response');
    stream.on('error', () => undefined);
    assert.equal((await world.asker.http2('/events')).status, 503);
    const large = 'x'.repeat(50_000);
    for (let index = 0; index < 60; index += 1) world.nodeRed.send('out', { payload: large });
    await world.nodeRed.statusOf('out', /^0 reading/);
    stream.destroy();
  });
});

const IN_PARTS = `
  if (msg.req.headers['x-go']) {
    const first = flow.get('first');
    node.send({ res: first, payload: { second: 2 } });
    node.send({ res: first, payload: 3, complete: true, trailers: { 'x-sum': '6' } });
    return { res: msg.res, payload: 'gone on', complete: true };
  }
  flow.set('first', msg.res);
  msg.headers = { 'content-type': 'text/plain' };
  msg.payload = 'first ';
  return msg;`;
const STREAMED = `
  async function* parts() {
    for (let index = 0; index < 30; index += 1) {
      yield 'x'.repeat(100000);
      if (msg.payload.broken) throw new Error('on purpose');
    }
  }
  return { res: msg.res, payload: parts() };`;
const FLOOD = `
  for (let index = 0; index < 40; index += 1) node.send({ res: msg.res, payload: 'x'.repeat(50000) });`;
