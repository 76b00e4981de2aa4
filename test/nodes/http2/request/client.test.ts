import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { ownAddress } from '../../../../nodes/adapter/own-address.ts';
import { testIdentities } from '../../../front-door/test-door.ts';
import { answering, rawServer, h2cServer, http1Server, http2Server } from '../../../http/client/world.ts';
import { errorText, tab } from '../../../support/node-red.ts';
import { unusedPort } from '../../../support/unused-port.ts';
import { basic, client, mirror, request, requestWorld, type Seen, type Settings } from './world.ts';

describe('an http2 request goes by the settings of its client', () => {
  const { nodeRed, ask, deploy } = requestWorld();

  it('protocol', async () => {
    const { authority } = await testIdentities();
    await using secure = await http2Server(mirror);
    await using plain = await h2cServer(mirror);
    const versionOf = async (url: string, protocol: string): Promise<unknown> =>
      ((await ask({ url, ret: 'obj' }, {}, { protocol, ca: authority.ca })).payload as Seen).version;
    assert.equal(await versionOf(secure.url, 'auto'), '2.0');
    assert.equal(await versionOf(secure.url, 'http/1.1'), '1.1');
    assert.equal(await versionOf(plain.url, 'h2'), '2.0');
  });

  it('persist', async () => {
    for (const [persist, expected] of [
      [true, 1],
      [false, 3],
    ] as const) {
      await using server = await http1Server(mirror);
      await deploy(request({ url: server.url, client: 'client' }), client({ persist }));
      for (let index = 1; index <= 3; index += 1) {
        nodeRed().send('ours', {});
        await nodeRed().receivedBy('answers', index);
      }
      assert.equal(server.connections(), expected);
    }
  });

  it('insecureHTTPParser', async () => {
    await using server = await answering(
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    );
    assert.match(errorText(await ask({ url: server.url }, {}, {})), /RESPONSE_INVALID/);
    assert.equal((await ask({ url: server.url }, {}, { insecureHTTPParser: true })).payload, 'a');
  });

  it('ca, servername and allowUnverified', async () => {
    const { authority, stranger } = await testIdentities();
    await using server = await http2Server(mirror);
    const { url } = server;
    assert.match(errorText(await ask({ url }, {}, {})), /FAR_SIDE_UNTRUSTED/);
    assert.match(errorText(await ask({ url }, {}, { ca: stranger.ca })), /FAR_SIDE_UNTRUSTED/);
    assert.equal((await ask({ url }, {}, { ca: authority.ca, servername: 'localhost' }))['statusCode'], 200);
    assert.match(errorText(await ask({ url }, {}, { ca: authority.ca, servername: 'other' })), /FAR_SIDE_UNTRUSTED/);
    assert.equal((await ask({ url }, { rejectUnauthorized: false }, { allowUnverified: true }))['statusCode'], 200);
    assert.match(errorText(await ask({ url }, {}, { allowUnverified: true })), /FAR_SIDE_UNTRUSTED/);
  });

  it('cert and key, one file of both, or our own', async () => {
    const { client: known, authority, server: pem } = await testIdentities();
    const server = createSecureServer(
      { ...pem, ca: authority.ca, requestCert: true, rejectUnauthorized: false },
      (incoming, response) => {
        const { subject } = (incoming.socket as TLSSocket).getPeerCertificate();
        response.end(String(subject?.CN ?? 'nobody'));
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as { port: number }).port}/`;
    const { cert = '', key = '' } = known;
    assert.equal((await ask({ url }, {}, { ca: authority.ca })).payload, 'nobody');
    assert.equal((await ask({ url }, {}, { ca: authority.ca, credentials: { cert, key } })).payload, 'tester');
    const passphrase = 'open';
    const locked = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
    const shared = { cert, key: locked.toString(), passphrase };
    assert.equal((await ask({ url }, {}, { ca: authority.ca, credentials: shared })).payload, 'tester');
    const wrong = await ask({ url }, {}, { ca: authority.ca, credentials: { ...shared, passphrase: 'shut' } });
    assert.match(errorText(wrong), /SETTINGS_INVALID: .*certificate or key cannot be read/);
    const pfx = await pkcs12(cert, key, passphrase);
    const one = { cert: '', key: '', pfx, passphrase };
    assert.equal((await ask({ url }, {}, { ca: authority.ca, credentials: one })).payload, 'tester');
    server.close();
    server.closeAllConnections();
  });

  it('proxy, proxyUser, proxyPassword and noproxy', async () => {
    const log: string[] = [];
    const proxy = createServer((incoming, response) => {
      log.push(`${incoming.url} ${incoming.headers['proxy-authorization'] ?? ''}`.trim());
      response.end('by the proxy');
    });
    proxy.on('connect', (incoming: IncomingMessage, socket: Socket) => {
      log.push(`CONNECT ${incoming.url}`);
      const far = connect(Number(incoming.url!.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      far.on('error', () => socket.destroy());
      socket.on('error', () => far.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const address = `http://127.0.0.1:${(proxy.address() as { port: number }).port}`;
    const { authority } = await testIdentities();
    await using secure = await http2Server(mirror);
    await using plain = await http1Server(mirror);
    assert.equal((await ask({ url: secure.url }, {}, { proxy: address, ca: authority.ca }))['httpVersion'], '2');
    process.env['http_proxy'] = address;
    try {
      assert.equal((await ask({ url: 'http://far.example/env' }, {}, {})).payload, 'by the proxy');
      // Nobody is there, which no name server has to tell; and it is not among the addresses without a proxy.
      const nobody = `http://0.0.0.0:${await unusedPort()}/`;
      assert.match(errorText(await ask({ url: nobody }, {}, { proxy: 'none', maxRetries: 0 })), /FAR_SIDE_GONE/);
    } finally {
      delete process.env['http_proxy'];
    }
    const known = { proxy: address, credentials: { proxyUser: 'me', proxyPassword: 'secret' } };
    assert.equal((await ask({ url: 'http://far.example/x' }, {}, known)).payload, 'by the proxy');
    assert.equal(
      (await ask({ url: plain.url }, {}, { proxy: address, noproxy: 'other, 127.0.0.1' }))['statusCode'],
      200,
    );
    assert.deepEqual(log, [
      `CONNECT ${new URL(secure.url).host}`,
      'http://far.example/env',
      `http://far.example/x ${basic}`,
    ]);
    proxy.close();
    proxy.closeAllConnections();
  });

  it('maxResponseBytes, headersTimeoutMs and bodyTimeoutMs', async () => {
    await using server = await http1Server((incoming, response) => {
      if (incoming.url === '/large') response.end('x'.repeat(100));
      if (incoming.url === '/half') response.write('x');
    });
    const failing = async (path: string, shared: Settings): Promise<string> =>
      errorText(await ask({ url: server.url + path }, {}, { maxRetries: 0, ...shared }));
    assert.match(await failing('/large', { maxResponseBytes: 99 }), /RESPONSE_TOO_LARGE/);
    assert.match(await failing('/', { headersTimeoutMs: 20 }), /no response within 20 ms/);
    assert.match(await failing('/half', { bodyTimeoutMs: 20 }), /no more of the response within 20 ms/);
  });

  it('maxRetries', async () => {
    let asked = 0;
    await using server = await http1Server((_request, response) => {
      asked += 1;
      response.writeHead(asked < 3 ? 503 : 200).end();
    });
    const answer = await ask({ url: server.url }, {}, { maxRetries: 2 });
    assert.deepEqual([answer['statusCode'], answer['retry']], [200, 2]);
    asked = 0;
    assert.equal((await ask({ url: server.url }, {}, { maxRetries: 0 }))['statusCode'], 503);
  });

  it('maxInFlight and maxWaiting', async () => {
    const held: ServerResponse[] = [];
    await using server = await http1Server((_request, response) => void held.push(response));
    await deploy(request({ url: server.url, client: 'client' }), client({ maxInFlight: 1, maxWaiting: 1 }));
    for (const payload of ['first', 'second', 'third']) nodeRed().send('ours', { payload });
    const [caught] = await nodeRed().receivedBy('caught', 1);
    assert.match(errorText(caught!), /^QUEUE_FULL: /);
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(held.length, 1);
    held[0]!.end();
    while (held.length === 1) await new Promise((resolve) => setTimeout(resolve, 5));
    held[1]!.end();
    await nodeRed().receivedBy('answers', 2);
  });

  it('breakerFailures and breakerFirstMs, and its status says so', async () => {
    let fails = true;
    await using server = await http1Server((_request, response) => response.writeHead(fails ? 500 : 200).end());
    await deploy(
      request({ url: server.url, client: 'client' }),
      client({ breakerFailures: 2, breakerFirstMs: 1_000, breakerLongestMs: 1_000 }),
    );
    for (let index = 0; index < 2; index += 1) nodeRed().send('ours', {});
    await nodeRed().receivedBy('answers', 2);
    nodeRed().send('ours', {});
    const [caught] = await nodeRed().receivedBy('caught', 1);
    assert.match(errorText(caught!), /^CIRCUIT_OPEN: /);
    await nodeRed().statusOf('ours', /CIRCUIT_OPEN/);
    fails = false;
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    nodeRed().send('ours', {});
    assert.equal((await nodeRed().receivedBy('answers', 3)).at(-1)!['statusCode'], 200);
    await nodeRed().statusOf('ours', /sent/);
  });

  it('ownIdentity', async () => {
    const place = { z: tab.id, wires: [['answering']] };
    const serving = [
      { ...place, id: 'serving', type: 'chartwire-http2-in', listener: '', method: 'get', url: '/own' },
      { id: 'answering', type: 'chartwire-http2-response', z: tab.id, statusCode: '204', wires: [] },
    ];
    const url = ownAddress(nodeRed().services, 'https', '/own');
    await deploy(...serving, request({ url, client: 'client' }), client({ ownIdentity: true }));
    nodeRed().send('ours', {});
    assert.equal((await nodeRed().receivedBy('answers', 1))[0]!['statusCode'], 204);
    await deploy(...serving, request({ url, client: 'client' }), client({}));
    nodeRed().send('ours', {});
    assert.match(errorText((await nodeRed().receivedBy('caught', 1))[0]!), /^FAR_SIDE_UNTRUSTED: /);
  });

  it('connectTimeoutMs and idleTimeoutMs', async () => {
    await using silent = await rawServer(() => undefined);
    const url = silent.url.replace('http:', 'https:');
    const caught = await ask({ url }, {}, { connectTimeoutMs: 30, maxRetries: 0 });
    assert.match(errorText(caught), /^REQUEST_TIMED_OUT: .*no connection within 30 ms/);
    const { authority } = await testIdentities();
    for (const open of [http1Server, http2Server]) {
      await using server = await open(mirror);
      await deploy(request({ url: server.url, client: 'client' }), client({ ca: authority.ca, idleTimeoutMs: 10 }));
      for (let index = 1; server.connections() < 2; index += 1) {
        nodeRed().send('ours', {});
        await nodeRed().receivedBy('answers', index);
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    }
  });

  it('maxHeaderBytes', async () => {
    const { authority } = await testIdentities();
    for (const open of [http1Server, http2Server]) {
      await using server = await open((_request, response) =>
        response.writeHead(200, { 'x-a': 'b'.repeat(4_000) }).end(),
      );
      const shared = { ca: authority.ca, maxRetries: 0 };
      assert.equal((await ask({ url: server.url }, {}, shared))['statusCode'], 200);
      const caught = await ask({ url: server.url }, {}, { ...shared, maxHeaderBytes: 2_048 });
      assert.match(errorText(caught), /^RESPONSE_INVALID: /);
    }
  });

  it('is told to choose another when the client is missing', async () => {
    await deploy(request({ url: 'http://127.0.0.1:9', client: 'gone' }));
    nodeRed().send('ours', {});
    const [caught] = await nodeRed().receivedBy('caught', 1);
    assert.match(errorText(caught!), /^CONFIG_MISSING: /);
  });
});

/** Certificate and key in one file, as Base64. */
async function pkcs12(cert: string, key: string, passphrase: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-pkcs12-'));
  try {
    const [both, file] = [join(folder, 'both.pem'), join(folder, 'both.p12')];
    await writeFile(both, cert + key);
    await promisify(execFile)('openssl', [
      'pkcs12',
      '-export',
      '-in',
      both,
      '-out',
      file,
      '-passout',
      `pass:${passphrase}`,
    ]);
    return (await readFile(file)).toString('base64');
  } finally {
    await rm(folder, { recursive: true });
  }
}
