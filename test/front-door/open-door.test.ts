import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { isFault } from '../../src/fault.ts';
import { identityOf, type Door } from '../../src/front-door/door.ts';
import type { TLSSocket } from 'node:tls';
import { askHttp1, askHttp2, openHttp2, rawSocket, untilClosed } from './raw.ts';
import { openTestDoor, testIdentities, type TestIdentities } from './test-door.ts';

describe('the front door', () => {
  let identities: TestIdentities;
  let door: Door;
  const thrown: unknown[] = [];

  before(async () => {
    identities = await testIdentities();
  });
  beforeEach(async () => {
    thrown.length = 0;
    door = await openTestDoor({}, 0, (error) => thrown.push(error));
  });
  afterEach(async () => await door.close());

  it('serves HTTP/1.1 and HTTP/2 by ALPN with one handler', async () => {
    door.http('/', (request, response) => response.end(`${request.httpVersion} ${request.url}`));
    assert.equal((await askHttp1(door.port, identities.client, { path: '/a?b=1' })).text, '1.1 /a?b=1');
    assert.equal((await askHttp2(door.port, identities.client, { path: '/a?b=1' })).text, '2.0 /a?b=1');
    assert.equal(door.counts.http1.taken, 1);
    assert.equal(door.counts.http2.taken, 1);
  });

  it('tells HTTP/1.1 from MQTT by the first byte when there is no ALPN', async () => {
    door.http('/', (_request, response) => response.end('web'));
    door.mqtt((socket) => socket.once('data', (chunk: Buffer) => socket.end(`mqtt ${chunk.toString('hex')}`)));
    const web = await rawSocket(door.port, identities.client);
    web.write('GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n');
    assert.match(await untilClosed(web), /^HTTP\/1\.1 200 OK\r\n[^]*web/);
    const mqtt = await rawSocket(door.port, identities.client);
    mqtt.write(Buffer.from([0x10, 0x02, 0x03]));
    assert.equal(await untilClosed(mqtt), 'mqtt 100203');
  });

  it('hands MQTT by ALPN to its handler, and closes it where there is none', async () => {
    const nobody = await rawSocket(door.port, identities.client, 'mqtt');
    nobody.write(Buffer.from([0x10, 0x00]));
    assert.equal(await untilClosed(nobody), '');
    const unmount = door.mqtt((socket) => socket.once('data', () => socket.end('taken')));
    const mqtt = await rawSocket(door.port, identities.client, 'mqtt');
    mqtt.write(Buffer.from([0x10, 0x00]));
    assert.equal(await untilClosed(mqtt), 'taken');
    unmount();
    const late = await rawSocket(door.port, identities.client, 'mqtt');
    late.write(Buffer.from([0x10, 0x00]));
    assert.equal(await untilClosed(late), '');
    assert.equal(door.counts.mqtt.taken, 1);
  });

  it('takes upgrades on exactly the mounted path', async () => {
    door.upgrade('/live', (upgrade) => upgrade.accept({}).stream.end('hello'));
    const upgrade = async (path: string): Promise<string> => {
      const socket = await rawSocket(door.port, identities.client, 'http/1.1');
      socket.write(`GET ${path} HTTP/1.1\r\nhost: here\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`);
      return await untilClosed(socket);
    };
    assert.match(await upgrade('/live'), /^HTTP\/1\.1 101[^]*hello$/);
    assert.match(await upgrade('/live/below'), /^HTTP\/1\.1 404 [^]*"code":"PATH_UNKNOWN"/);
    assert.equal(door.counts.websocket.taken, 1);
  });

  it('the longest mounted path wins, whole names only, and an unmounted one is not found', async () => {
    const ask = async (path: string): Promise<string> => {
      const { status, text } = await askHttp2(door.port, identities.client, { path });
      return status === 200 ? text : `${status}`;
    };
    door.http('/a', (_request, response) => response.end('a'));
    const unmount = door.http('/a/b', (_request, response) => response.end('a/b'));
    assert.deepEqual(await Promise.all(['/a', '/a/', '/a/c', '/a/b', '/a/b/c?d', '/ab', '/'].map(ask)), [
      'a',
      'a',
      'a',
      'a/b',
      'a/b',
      '404',
      '404',
    ]);
    unmount();
    assert.equal(await ask('/a/b'), 'a');
  });

  it('refuses a second owner of a path', () => {
    door.http('/a', () => undefined);
    assert.throws(() => door.http('/a/', () => undefined), isPathTaken);
    door.mqtt(() => undefined);
    assert.throws(() => door.mqtt(() => undefined), isPathTaken);
  });

  it('knows who connects by the certificate our CA signed, and nobody else', async () => {
    door.http('/', (request, response) => response.end(String(identityOf(request.socket as TLSSocket))));
    const { client, stranger } = identities;
    const who = async (tls: { cert?: string; key?: string }): Promise<string[]> => {
      const { cert, key } = tls;
      const own = cert === undefined || key === undefined ? { ca: client.ca } : { ca: client.ca, cert, key };
      const asked = { path: '/' };
      return [(await askHttp1(door.port, own, asked)).text, (await askHttp2(door.port, own, asked)).text];
    };
    assert.deepEqual(await who(client), ['tester', 'tester']);
    assert.deepEqual(await who(stranger), ['undefined', 'undefined']);
    assert.deepEqual(await who({}), ['undefined', 'undefined']);
  });

  it('answers 500 for a handler that throws, tells its owner, and goes on', async () => {
    door.http('/', () => {
      throw new Error('secret detail');
    });
    const { status, text } = await askHttp2(door.port, identities.client, { path: '/' });
    assert.equal(status, 500);
    assert.doesNotMatch(text, /secret/);
    assert.equal((await askHttp1(door.port, identities.client, { path: '/' })).status, 500);
    assert.equal(thrown.length, 2);
  });

  it('shows a renewed certificate to new connections and keeps the open ones', async () => {
    door.http('/', (_request, response) => response.end('ok'));
    const session = await openHttp2(door.port, identities.client);
    const renewed = await identities.authority.issueServer({ names: ['renewed.test', '127.0.0.1'] });
    door.renew(renewed);
    const socket = await rawSocket(door.port, identities.client);
    assert.match(socket.getPeerCertificate().subjectaltname ?? '', /renewed\.test/);
    socket.destroy();
    assert.equal(session.closed, false);
    session.destroy();
  });

  it('says which setting to change when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await assert.rejects(
      openTestDoor({}, port),
      (error) => isFault(error) && error.line.startsWith(`PORT_TAKEN: port ${port} (--tls-port)`),
    );
    other.close();
  });

  it('closes though a connection breaks meanwhile', async () => {
    const taken = Promise.withResolvers<TLSSocket>();
    door.mqtt((socket) => taken.resolve(socket));
    const client = await rawSocket(door.port, identities.client, 'mqtt');
    client.write(Buffer.from([0x10]));
    const socket = await taken.promise;
    const closing = door.close();
    socket.destroy(new Error('broken'));
    await closing;
    client.destroy();
  });

  it('ends every kind of connection when it closes', async () => {
    door.http('/', () => undefined);
    door.mqtt(() => undefined);
    const session = await openHttp2(door.port, identities.client);
    session.request({ ':path': '/' }).on('error', () => undefined);
    const sockets = await Promise.all(
      [undefined, 'http/1.1', 'mqtt'].map((name) => rawSocket(door.port, identities.client, name)),
    );
    sockets[1]?.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n');
    sockets[2]?.write(Buffer.from([0x10]));
    const half = connect({ host: '127.0.0.1', port: door.port, ...identities.client });
    half.on('error', () => undefined);
    const ends = [...sockets.map(untilClosed), once(session, 'close')];
    await door.close();
    await Promise.all(ends);
    half.destroy();
    assert.equal(door.counts.http1.open + door.counts.http2.open + door.counts.mqtt.open, 0);
  });
});

function isPathTaken(error: unknown): boolean {
  return isFault(error) && error.code === 'PATH_TAKEN';
}
