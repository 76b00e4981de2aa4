import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createTlsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { WebSocket, WebSocketServer } from 'ws';
import { openAuthority } from '../../src/security/certificates.ts';
import { editorGuard, upgradeProblem, type EditorGuardOptions } from '../../src/security/editor-guard.ts';
import { openAdmin, type Admin } from '../../src/security/first-run.ts';

const PASSWORD = 'correct horse battery';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('The editor guard', () => {
  let home: string;
  let admin: Admin;
  let server: Server;
  let port: number;
  let reached: string[];
  let options: EditorGuardOptions;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'chartwire-guard-'));
    admin = await openAdmin(home);
    reached = [];
    await serve(false);
  });
  afterEach(async () => {
    await stop();
    await rm(home, { recursive: true });
  });

  /** A server like the real one: Express behind the guard, WebSocket upgrades after its question. */
  async function serve(tls: boolean): Promise<void> {
    options = { admin, tls, flowRoot: '/http', allowedHosts: () => [`localhost:${port}`, `127.0.0.1:${port}`] };
    const app = express();
    app.use(editorGuard(options));
    app.use((request, response) => {
      reached.push(`${request.method} ${request.url}`);
      response.setHeader('content-security-policy', 'default-src *');
      response.json({});
    });
    const identity = tls
      ? await (await openAuthority(join(home, 'ca'))).issueServer({ names: ['127.0.0.1'] })
      : undefined;
    server = identity === undefined ? createServer(app) : createTlsServer(identity, app);
    const sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      if (upgradeProblem(request, options) === undefined)
        sockets.handleUpgrade(request, socket, head, (open) => open.close());
      else socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    port = (server.address() as AddressInfo).port;
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    await once(server.close(), 'close');
  }

  async function ask(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
    const send = options.tls ? httpsRequest : httpRequest;
    const request = send({ host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false, agent: false });
    request.end(body);
    const [response] = await once(request, 'response');
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode, headers: response.headers, body: text };
  }

  const json = { 'content-type': 'application/json' };
  const setup = (token: string, password: string): Promise<Answer> =>
    ask('POST', '/setup', json, JSON.stringify({ token, password }));
  const loggedIn = { authorization: 'Bearer token', ...json };

  describe('before the password is set', () => {
    it('answers 401 on every route but the form, and opens no WebSocket', async () => {
      for (const path of [
        '/',
        '/flows',
        '/settings',
        '/auth/login',
        '/auth/token',
        '/red/red.min.js',
        '/http/hook',
        '/setup/x',
        '/SETUPS',
      ]) {
        for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
          assert.equal((await ask(method, path, loggedIn)).status, 401, `${method} ${path}`);
        }
      }
      const [error] = await once(new WebSocket(`ws://127.0.0.1:${port}/comms`), 'error');
      assert.match(String(error), /403/);
      assert.deepEqual(reached, []);
    });

    it('serves a form that allows only its own script and style', async () => {
      const { status, headers, body } = await ask('GET', `/setup?token=${admin.token}`, { accept: 'text/html' });
      assert.equal(status, 200);
      assert.match(body, /<form>/);
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe|\*/);
      assert.equal(body.includes(admin.token ?? 'no token'), false);
    });

    it('sets the password with the token and opens the editor', async () => {
      assert.equal((await setup(admin.token ?? '', 'short')).status, 422);
      assert.equal((await setup(admin.token ?? '', PASSWORD)).status, 200);
      assert.equal(await admin.authenticate('admin', PASSWORD), true);
      assert.equal((await ask('GET', '/')).status, 200);
      assert.equal((await setup('any', PASSWORD)).status, 409);
      assert.equal((await ask('GET', '/setup')).headers.location, './');
    });

    it('refuses wrong tokens, and the sixth in ten minutes unread', async () => {
      for (let attempt = 0; attempt < 5; attempt += 1) assert.equal((await setup('wrong', PASSWORD)).status, 403);
      assert.equal((await setup('wrong', PASSWORD)).status, 429);
      assert.equal((await setup(admin.token ?? '', PASSWORD)).status, 200);
    });

    it('refuses forms, other shapes and endless bodies', async () => {
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      assert.equal((await ask('POST', '/setup', form, `token=${admin.token}&password=${PASSWORD}`)).status, 415);
      for (const body of ['', '[]', 'null', '{"token":1,"password":2}', `"${'x'.repeat(9_000)}"`]) {
        assert.equal((await ask('POST', '/setup', json, body)).status, 400);
      }
      assert.equal(admin.needsSetup, true);
    });

    it('does not let a foreign page try tokens', async () => {
      const headers = { ...json, origin: 'http://evil.example' };
      assert.equal(
        (await ask('POST', '/setup', headers, JSON.stringify({ token: admin.token, password: PASSWORD }))).status,
        403,
      );
    });
  });

  describe('with a password', () => {
    beforeEach(async () => {
      assert.equal(await admin.provision(PASSWORD), undefined);
    });

    it('refuses every foreign Host with 421', async () => {
      const foreign = [
        'evil.example',
        `evil.example:${port}`,
        'localhost',
        `localhost:${port + 1}`,
        `a@localhost:${port}`,
        `localhost:${port}/x`,
      ];
      for (const host of foreign) assert.equal((await ask('GET', '/flows', { host, ...loggedIn })).status, 421, host);
      assert.deepEqual(reached, []);
      for (const host of [`localhost:${port}`, `LOCALHOST:${port}`])
        assert.equal((await ask('GET', '/', { host })).status, 200);
    });

    it('refuses every foreign Origin, on requests and on WebSocket upgrades', async () => {
      const foreign = [
        'http://evil.example',
        'null',
        `http://localhost:${port + 1}`,
        `http://localhost:${port}`,
        'file://',
        '',
      ];
      for (const origin of foreign) {
        assert.equal((await ask('POST', '/flows', { origin, ...loggedIn })).status, 403, origin);
        const [error] = await once(new WebSocket(`ws://127.0.0.1:${port}/comms`, { headers: { origin } }), 'error');
        assert.match(String(error), /403/);
      }
      assert.equal((await ask('POST', '/flows', { 'sec-fetch-site': 'cross-site', ...loggedIn })).status, 403);
      assert.deepEqual(reached, []);
      const own = `http://127.0.0.1:${port}`;
      assert.equal((await ask('POST', '/flows', { origin: own, ...loggedIn })).status, 200);
      await once(new WebSocket(`ws://127.0.0.1:${port}/comms`, { origin: own }), 'open');
    });

    it('lets nothing be changed without an Authorization header', async () => {
      for (const path of ['/flows', '/inject/1', '/nodes', '/auth/revoke', '/settings/user', '/AUTH/TOKENS']) {
        for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
          assert.equal((await ask(method, path, { cookie: 'session=1', ...json })).status, 401, `${method} ${path}`);
        }
      }
      assert.deepEqual(reached, []);
    });

    it('refuses forms and plain text, but for the ones the editor sends', async () => {
      const form = 'application/x-www-form-urlencoded';
      for (const type of [
        form,
        'text/plain',
        'TEXT/PLAIN; charset=utf-8',
        'multipart/form-data; boundary=x',
        `${form}; charset=utf-8`,
      ]) {
        const headers = { authorization: 'Bearer token', 'content-type': type };
        assert.equal((await ask('POST', '/flows', headers)).status, 415, type);
      }
      assert.deepEqual(reached, []);
      const type = { 'content-type': `${form}; charset=UTF-8` };
      assert.equal((await ask('POST', '/auth/token', type)).status, 200);
      assert.equal((await ask('POST', '/auth/revoke', { ...type, authorization: 'Bearer token' })).status, 200);
      const upload = { authorization: 'Bearer token', 'content-type': 'multipart/form-data; boundary=x' };
      assert.equal((await ask('POST', '/nodes', upload)).status, 200);
    });

    it('puts its headers on every answer, whatever the editor sets', async () => {
      const answers = [
        await ask('GET', '/'),
        await ask('POST', '/flows'),
        await ask('GET', '/', { host: 'evil.example' }),
        await ask('GET', '/setup'),
      ];
      for (const { headers } of answers) {
        const policy = String(headers['content-security-policy']);
        assert.match(policy, /frame-ancestors 'none'/);
        assert.match(policy, /object-src 'none'/);
        assert.doesNotMatch(policy, /unsafe-eval|\*/);
        assert.equal(headers['x-frame-options'], 'DENY');
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(headers['referrer-policy'], 'no-referrer');
        assert.equal(headers['x-powered-by'], undefined);
        assert.equal(headers['strict-transport-security'], undefined);
      }
    });

    it('asks browsers for TLS only when it speaks TLS itself', async () => {
      await stop();
      await serve(true);
      assert.match(String((await ask('GET', '/')).headers['strict-transport-security']), /max-age=\d+/);
    });

    it("leaves the flow's own endpoints to the flow, but for the Host", async () => {
      assert.equal(
        (await ask('POST', '/http/hook', { 'content-type': 'text/plain', origin: 'http://shop.example' }, 'x')).status,
        200,
      );
      assert.equal((await ask('POST', '/http/hook', { host: 'evil.example' })).status, 421);
      assert.equal((await ask('POST', '/httpx')).status, 401);
    });
  });
});
