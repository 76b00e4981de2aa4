import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Door } from '../../src/front-door/door.ts';
import { expressApp } from '../../src/front-door/express-bridge.ts';
import { askHttp1, askHttp2, type Answer, type Asked } from './raw.ts';
import { openTestDoor, testIdentities } from './test-door.ts';

const protocols = { 'HTTP/1.1': askHttp1, 'HTTP/2': askHttp2 };

for (const [name, askBy] of Object.entries(protocols)) {
  describe(`Express behind the door over ${name}`, () => {
    let door: Door;
    let folder: string;
    let ask: (asked: Asked) => Promise<Answer>;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'chartwire-express-'));
      await writeFile(join(folder, 'page.html'), '<h1>page</h1>');
      door = await openTestDoor();
      door.http('/', newApp(folder));
      const { client } = await testIdentities();
      ask = async (asked) => await askBy(door.port, client, asked);
    });
    after(async () => {
      await door.close();
      await rm(folder, { recursive: true });
    });

    it('parses and answers JSON', async () => {
      const body = JSON.stringify({ a: ['ü', 1] });
      const answer = await ask({
        method: 'POST',
        path: '/json',
        headers: { 'content-type': 'application/json' },
        body,
      });
      assert.deepEqual(JSON.parse(answer.text), { a: ['ü', 1] });
      assert.match(String(answer.headers['content-type']), /^application\/json/);
      assert.equal(answer.headers['x-powered-by'], undefined);
    });

    it('redirects', async () => {
      const { status, headers } = await ask({ path: '/old' });
      assert.deepEqual([status, headers.location], [302, '/new']);
    });

    it('sends server-sent events', async () => {
      const { headers, text } = await ask({ path: '/events' });
      assert.equal(headers['content-type'], 'text/event-stream');
      assert.equal(text, 'data: 1\n\ndata: 2\n\n');
    });

    it('sends files', async () => {
      const { status, headers, text } = await ask({ path: '/file' });
      assert.deepEqual([status, text, headers['content-type']], [200, '<h1>page</h1>', 'text/html; charset=utf-8']);
      assert.equal((await ask({ path: '/static/page.html' })).text, '<h1>page</h1>');
    });

    it('answers a request with a matching ETag with 304', async () => {
      const { headers } = await ask({ path: '/file' });
      const again = await ask({ path: '/file', headers: { 'if-none-match': String(headers['etag']) } });
      assert.deepEqual([again.status, again.text], [304, '']);
    });

    it('knows host, secure, query, parameters and addresses', async () => {
      const { text } = await ask({ path: '/about/thing?x=1&x=2' });
      assert.deepEqual(JSON.parse(text), {
        host: `127.0.0.1:${door.port}`,
        hostname: '127.0.0.1',
        protocol: 'https',
        query: { x: ['1', '2'] },
        parameter: 'thing',
        ip: '127.0.0.1',
        accepts: 'json',
      });
    });

    it('serves sub-apps and falls through them to what comes after', async () => {
      assert.equal((await ask({ path: '/sub/here' })).text, 'sub /sub /here');
      assert.equal((await ask({ path: '/sub/elsewhere' })).text, 'after sub');
      assert.equal((await ask({ path: '/sub/deep/here' })).text, 'deep');
    });

    it('answers 404 for what it does not know, and gives errors to the error handler', async () => {
      assert.equal((await ask({ path: '/nowhere' })).status, 404);
      const { status, text } = await ask({ path: '/broken' });
      assert.deepEqual([status, text], [500, 'caught: broken']);
    });

    it('sets cookies', async () => {
      assert.deepEqual((await ask({ path: '/cookie' })).headers['set-cookie'], ['a=1; Path=/']);
    });
  });
}

function newApp(folder: string): ReturnType<typeof expressApp> {
  const app = expressApp();
  app.post('/json', express.json(), (request, response) => response.json(request.body));
  app.get('/old', (_request, response) => response.redirect('/new'));
  app.get('/events', (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
    setImmediate(() => response.end('data: 2\n\n'));
  });
  app.get('/file', (_request, response) => response.sendFile(join(folder, 'page.html')));
  app.use('/static', express.static(folder));
  app.get('/about/:parameter', (request, response) => {
    const { host, hostname, protocol, query, ip } = request;
    const { parameter } = request.params;
    response.json({ host, hostname, protocol, query, parameter, ip, accepts: request.accepts('json') });
  });
  app.get('/cookie', (_request, response) => response.cookie('a', '1').end());
  app.get('/broken', async () => await Promise.reject(new Error('broken')));
  const sub = express();
  sub.get('/here', (request, response) => response.send(`sub ${request.baseUrl} ${request.path}`));
  const deep = expressApp();
  deep.get('/here', (_request, response) => response.send('deep'));
  sub.use('/deep', deep);
  app.use('/sub', sub);
  app.use('/sub', (_request, response) => response.send('after sub'));
  app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
    response.status(500).send(`caught: ${error.message}`);
  });
  return app;
}
