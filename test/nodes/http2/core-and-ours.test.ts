import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { startChild, type Child } from '../../../bench/child.ts';
import { openAsker, type Answer, type Asker } from '../../http/ask.ts';
import { startNodeRed, tab, type StoredNode, type TestNodeRed } from '../../support/node-red.ts';
import { unusedPort } from '../../support/unused-port.ts';
import { listener, script } from './flow-nodes.ts';

const RED_PROCESS = new URL('../../../bench/http2/sides/red-process.ts', import.meta.url);
/** Above the 5 MB that Node-RED calls the largest length of a request, apiMaxLength. */
const ABOVE_THE_LIMIT = 6_000_000;

/** The same flow for both: only the types of its two ends differ. */
const flow = (taken: string, answered: string, more: object = {}): StoredNode[] => {
  const place = { z: tab.id, x: 0, y: 0 };
  const request = (id: string, own: object, to: string): StoredNode => ({
    ...place,
    id,
    type: taken,
    url: `/${id}`,
    method: 'post',
    upload: false,
    swaggerDoc: '',
    wires: [[to]],
    ...more,
    ...own,
  });
  return [
    tab,
    request('read', { method: 'get' }, 'out'),
    request('length', {}, 'measure'),
    request('upload', { upload: true }, 'measure'),
    request('raw', { skipBodyParsing: true }, 'measure'),
    request('silent', { method: 'get' }, 'nothing'),
    request('everything', {}, 'describe'),
    {
      ...script(
        'measure',
        'msg.payload = { length: msg.payload.length, value: msg.payload }; if (msg.payload.length > 99) delete msg.payload.value; return msg;',
      ),
      x: 0,
      y: 0,
    },
    { ...script('nothing', 'return null;'), x: 0, y: 0 },
    { ...script('describe', DESCRIBE), x: 0, y: 0 },
    { ...place, id: 'out', type: answered, statusCode: '', headers: { 'x-fixed': 'yes' }, wires: [] },
  ].map((node) => ('libs' in node ? { ...node, libs: [] } : node));
};
const DESCRIBE = `
  const { body, query, params, headers, method, url, path, protocol, secure, hostname, httpVersion } = msg.req;
  msg.payload = { payload: msg.payload, body, query, params, method, url, path, protocol, secure, hostname, httpVersion,
    header: headers['x-one'], got: msg.req.get('X-One'), cookie: msg.req.cookies.one };
  msg.cookies = { set: 'v', gone: null };
  msg.statusCode = 201;
  msg.headers = { 'x-fixed': 'no', 'x-own': 'yes' };
  return msg;`;

/** Defects of the core nodes of Node-RED 5.0.7, each shown at them and then at ours. */
describe('what the core HTTP nodes do wrong and ours do right', () => {
  let nodeRed: TestNodeRed;
  let core: Child;
  let corePort: number;
  let ourPort: number;
  let ours: Asker;
  let askCore: (path: string, headers: Record<string, string>, body?: string | Buffer) => Promise<Answer>;
  before(async () => {
    core = startChild(RED_PROCESS);
    corePort = Number(await core.ask({ withOurs: false, flow: flow('http in', 'http response') }));
    nodeRed = await startNodeRed();
    ourPort = await unusedPort();
    await nodeRed.deploy([
      ...flow('chartwire-http2-in', 'chartwire-http2-response', { listener: 'listener' }),
      listener('listener', { port: ourPort, transport: 'plain', callers: 'everybody', answerTimeoutMs: 500 }),
    ]);
    await nodeRed.statusOf('everything', /received/);
    ours = await openAsker(`http://127.0.0.1:${ourPort}`);
    askCore = async (path, headers, body) => {
      const response = await fetch(`http://127.0.0.1:${corePort}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        ...(body !== undefined && { body: Buffer.from(body) }),
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      const fields = { ...Object.fromEntries(response.headers), 'set-cookie': response.headers.getSetCookie() };
      return { status: response.status, headers: fields, bytes, text: bytes.toString(), trailers: {} };
    };
  });
  after(async () => {
    await ours[Symbol.asyncDispose]();
    await nodeRed.stop();
    await core[Symbol.asyncDispose]();
  });

  it('a flow of the core nodes does the same with ours, by a change of its types', async () => {
    const headers = { 'content-type': 'application/json', 'x-one': '1', cookie: 'one=a%20b' };
    const target = '/everything?a=1&b=2';
    const body = '{"n":[1,2]}';
    const [theirs, mine] = [
      await askCore(target, headers, body),
      await ours.http1(target, { method: 'POST', headers, body }),
    ];
    assert.equal(mine.status, theirs.status);
    assert.deepEqual(JSON.parse(mine.text), JSON.parse(theirs.text));
    for (const name of ['content-type', 'content-length', 'x-fixed', 'x-own'] as const) {
      assert.equal(mine.headers[name], theirs.headers[name], name);
    }
    assert.deepEqual(mine.headers['set-cookie'], theirs.headers['set-cookie']);
  });

  it('D5: HTTP/2 by prior knowledge and a wish for h2c end in errors at core, and in answers at ours', async () => {
    const session = connect(`http://127.0.0.1:${corePort}`);
    session.on('error', () => undefined);
    const stream = session.request({ ':path': '/read' });
    await assert.rejects(once(stream, 'response'));
    session.destroy();
    assert.equal((await ours.http2('/read')).status, 200);
    const wish = {
      upgrade: 'h2c',
      connection: 'Upgrade, HTTP2-Settings',
      'http2-settings': 'AAMAAABkAARAAAAAAAIAAAAA',
    };
    await using theirs = await openAsker(`http://127.0.0.1:${ourPort}`);
    const { status, text } = await theirs.http1('/read', { headers: wish });
    assert.deepEqual([status, text], [200, '{}']);
  });

  it('D8: what is above the largest length is taken by core, all in memory, and refused by ours', async () => {
    const body = Buffer.alloc(ABOVE_THE_LIMIT, 'x');
    for (const type of ['text/plain', 'application/octet-stream']) {
      const headers = { 'content-type': type };
      assert.equal((await askCore('/length', headers, body)).text, `{"length":${ABOVE_THE_LIMIT}}`);
      // A session of its own: what was not read any more counts against the memory of a session of node:http2.
      await using asker = await openAsker(`http://127.0.0.1:${ourPort}`);
      const { status, text } = await asker.http2('/length', { method: 'POST', headers, body });
      assert.equal(status, 413);
      assert.match(text, /PAYLOAD_TOO_LARGE/);
    }
  });

  it('D9: a node that takes files loses all other bodies at core, and none at ours', async () => {
    const headers = { 'content-type': 'text/plain' };
    assert.equal((await askCore('/upload', headers, 'words')).text, CORE_LOSES);
    const { text } = await ours.http2('/upload', { method: 'POST', headers, body: 'words' });
    assert.equal(text, '{"length":5,"value":"words"}');
  });

  it('D10: a request nothing answers stays open at core, and gets 504 from ours', async () => {
    const giveUp = new AbortController();
    let isAnswered = false;
    const waiting = fetch(`http://127.0.0.1:${corePort}/silent`, { signal: giveUp.signal }).then(
      () => (isAnswered = true),
      () => undefined,
    );
    const { status, text } = await ours.http2('/silent');
    assert.equal(status, 504);
    assert.match(text, /RESPONSE_MISSING/);
    assert.equal(isAnswered, false);
    giveUp.abort();
    await waiting;
  });
});

const CORE_LOSES = '{"value":{}}';
