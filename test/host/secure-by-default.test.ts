import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { WebSocket } from 'ws';
import { startChartwire, type TestHost } from '../support/host.ts';

describe('a first start without a password', () => {
  let host: TestHost;
  before(async () => {
    host = await startChartwire({ env: { CHARTWIRE_PASSWORD: '' } });
  });
  after(() => host.stop());

  it('listens on loopback only', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    const ports = [Number(new URL(host.url).port), host.tlsPort];
    for (const port of ports) assert.equal(await reachable('127.0.0.1', port), true);
    // A machine with no other address proves it by having none.
    for (const port of ports) if (outside !== undefined) assert.equal(await reachable(outside.address, port), false);
  });

  it('answers 401 on every route until the one-time address has set a password', async () => {
    for (const path of [
      '/',
      '/flows',
      '/settings',
      '/diagnostics',
      '/red/red.min.js',
      '/comms',
      '/http/any',
      '/auth/login',
    ]) {
      assert.equal((await fetch(new URL(path, host.url))).status, 401, path);
    }
    const token = /\/setup\?token=(\S+)/.exec(host.output())?.[1] ?? '';
    const set = (body: object): Promise<Response> =>
      fetch(new URL('/setup', host.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: host.url },
        body: JSON.stringify(body),
      });
    assert.equal((await set({ token: 'guessed', password: 'correct horse battery staple' })).status, 403);
    assert.equal((await set({ token, password: 'short' })).ok, false);
    assert.equal((await set({ token, password: 'correct horse battery staple' })).ok, true);
    assert.equal((await fetch(new URL('/flows', host.url))).status, 401, 'a login is still needed');
    assert.equal((await host.api('/flows')).status, 200);
    assert.notEqual((await set({ token, password: 'another horse battery staple' })).status, 200);
  });

  it('keeps no file that others may read, and no secret in what it serves', async () => {
    const files = await readdir(host.home, { recursive: true, withFileTypes: true });
    for (const file of files) {
      const mode = (await stat(join(file.parentPath, file.name))).mode & 0o077;
      assert.equal(mode, 0, `${file.name} is open to others`);
    }
    const key = await readFile(join(host.home, 'credential.key'), 'utf8');
    const served = await Promise.all(
      ['/flows', '/settings', '/diagnostics'].map(async (path) => (await host.api(path)).text()),
    );
    for (const text of [...served, host.output()]) assert.ok(!text.includes(key));
  });
});

describe('a running editor', () => {
  let host: TestHost;
  before(async () => {
    host = await startChartwire({ args: ['--limit', 'door.maxHeaderBytes=2000', '--limit', 'maxPacketBytes=1000'] });
  });
  after(() => host.stop());

  it('keeps to the limits it was started with, at its front door too', async () => {
    const ca = await readFile(join(host.home, 'certificates/ca.crt'));
    const ask = (bytes: number): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { 'x-filler': 'x'.repeat(bytes) };
        requestTls({ host: 'localhost', port: host.tlsPort, ca, headers, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    assert.notEqual(await ask(1_000), 431);
    assert.equal(await ask(3_000), 431);
  });

  it('refuses foreign hosts and origins, on requests and on the live connection', async () => {
    assert.equal(await statusWith(host, { host: 'evil.example' }), 421);
    assert.equal(await statusWith(host, { host: `localhost:${new URL(host.url).port}` }), 200);
    const authorization = `Bearer ${await host.login()}`;
    const body = { method: 'POST', 'content-type': 'application/json', authorization };
    assert.equal(await statusWith(host, { ...body, origin: 'http://evil.example' }, '/flows'), 403);
    assert.equal(await upgradeStatus(host, { origin: 'http://evil.example' }), 403);
    assert.equal(await upgradeStatus(host, { host: 'evil.example' }), 403);
  });

  it('takes no change from a form or without the Authorization header', async () => {
    const post = (path: string, headers: Record<string, string>): Promise<Response> =>
      fetch(new URL(path, host.url), { method: 'POST', headers, body: '[]' });
    assert.equal((await post('/flows', { 'content-type': 'application/json' })).status, 401);
    const authorization = `Bearer ${await host.login()}`;
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
      assert.equal((await post('/flows', { 'content-type': type, authorization })).status, 415, type);
      assert.equal((await post('/inject/x', { 'content-type': type, authorization })).status, 415, type);
    }
  });

  it('answers what cannot be read without telling where it runs', async () => {
    const authorization = `Bearer ${await host.login()}`;
    for (const [path, body] of [
      ['/auth/token', '{'],
      ['/flows', '{'],
      ['/flows', JSON.stringify(['x'.repeat(6_000_000)])],
      ['/flow/%', '{}'],
    ] as const) {
      const headers = { 'content-type': 'application/json', authorization };
      const answer = await fetch(new URL(path, host.url), { method: 'POST', headers, body });
      assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`);
      assert.doesNotMatch(await answer.text(), /node_modules|\bat .*:\d+:\d+/, path);
    }
  });

  it('sends the headers that keep a browser out of trouble', async () => {
    const { headers } = await fetch(host.url);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe-eval/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.ok(headers.get('referrer-policy'));
    assert.equal(headers.get('x-powered-by'), null);
  });
});

describe('a start that would open the editor to others', () => {
  it('is refused without TLS, with the two ways out', async () => {
    await assert.rejects(
      startChartwire({ args: ['--host', '0.0.0.0'] }),
      /BIND_INSECURE: .*; add --editor-tls.*--insecure/,
    );
  });
});

async function reachable(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** `fetch` does not let a caller set Host and Origin. */
function statusWith(
  host: TestHost,
  { method = 'GET', ...headers }: Record<string, string>,
  path = '/',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, host.url), { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(method === 'POST' ? '{}' : undefined);
  });
}

function upgradeStatus(host: TestHost, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${host.url.replace('http', 'ws')}/comms`, { headers });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('open', () => reject(new Error('it was let in')));
    socket.on('error', () => {});
  });
}
