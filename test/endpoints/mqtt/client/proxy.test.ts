import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { MqttClient } from '../../../../src/endpoints/mqtt/index.ts';
import { brokerAddress, referredAddress } from '../../../../src/endpoints/mqtt/client/address.ts';
import { proxyFor } from '../../../../src/endpoints/mqtt/client/proxy.ts';
import { isFault } from '../../../../src/fault.ts';
import { openBrokerPort, openIdentities, type Identities } from '../world.ts';
import { openPacketBroker } from './packet-broker.ts';

describe('the proxy of the environment', () => {
  const all = { all_proxy: 'http://all:1' };
  for (const [what, url, environment, expected] of [
    ['none when nothing is said', 'wss://far/', {}, undefined],
    ['https_proxy for wss', 'wss://far/', { https_proxy: 'http://p:3128' }, 'p:3128'],
    ['its own variable first', 'wss://far/', { https_proxy: 'http://p:1', wss_proxy: 'http://w:2' }, 'w:2'],
    ['http_proxy for ws', 'ws://far/', { http_proxy: 'p:3128' }, 'p:3128'],
    ['in capitals', 'ws://far/', { HTTP_PROXY: 'http://p:3128' }, 'p:3128'],
    ['not http_proxy for plain MQTT', 'mqtt://far', { http_proxy: 'http://p:1', https_proxy: 'http://p:1' }, undefined],
    ['mqtts_proxy for MQTT over TLS', 'mqtts://far', { mqtts_proxy: 'http://p:1' }, 'p:1'],
    ['all_proxy for everything', 'mqtt://far', all, 'all:1'],
    ['not for this machine', 'mqtt://127.0.0.1', all, undefined],
    ['not for what no_proxy names', 'mqtt://far', { ...all, no_proxy: 'near, far' }, undefined],
    ['nor for what is below that', 'mqtt://a.far.example', { ...all, no_proxy: '.far.example' }, undefined],
    ['nor for anything with *', 'mqtt://far', { ...all, no_proxy: '*' }, undefined],
    ['only for the port no_proxy names', 'mqtt://far:1', { ...all, no_proxy: 'far:2' }, 'all:1'],
  ] as [string, string, Record<string, string>, string | undefined][]) {
    it(`is ${what}`, () => assert.equal(proxyFor(brokerAddress(url), environment)?.host, expected));
  }
});

describe('the address of a broker', () => {
  for (const [url, host, port, shown] of [
    ['mqtt://far', 'far', 1883, 'mqtt://far:1883'],
    ['tcp://far:2', 'far', 2, 'mqtt://far:2'],
    ['mqtts://far', 'far', 8883, 'mqtts://far:8883'],
    ['mqtts://[::1]:1', '::1', 1, 'mqtts://[::1]:1'],
    ['wss://name:secret@far/path?key=1', 'far', 443, 'wss://far:443/path'],
    ['ws://far', 'far', 80, 'ws://far:80/'],
  ] as const) {
    it(`is read from ${url}, and shown without secrets`, () => {
      const address = brokerAddress(url);
      assert.deepEqual([address.host, address.port, address.url], [host, port, shown]);
    });
  }

  it('is none with another scheme', () => assert.throws(() => brokerAddress('http://far'), TypeError));

  for (const [reference, expected] of [
    ['far', { host: 'far' }],
    ['far:1 other:2', { host: 'far', port: 1 }],
    ['[fe80::1]:3', { host: 'fe80::1', port: 3 }],
    ['', undefined],
    ['far:port', undefined],
  ] as const) {
    it(`is taken from the server reference "${reference}"`, () =>
      assert.deepEqual(referredAddress(reference), expected));
  }
});

describe('the MQTT client behind a proxy', () => {
  let identities: Identities;
  let proxy: Server;
  let asked: { target: string; credentials: string | undefined }[];
  let refusal: number | undefined;
  const port = (): number => (proxy.address() as AddressInfo).port;

  before(async () => {
    identities = await openIdentities();
  });
  after(async () => await identities.close());
  beforeEach(async () => {
    asked = [];
    refusal = undefined;
    proxy = createServer();
    proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
      asked.push({ target: request.url ?? '', credentials: request.headers['proxy-authorization'] });
      if (refusal !== undefined) {
        socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
        return;
      }
      const far = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(far).pipe(socket);
      });
      far.on('error', () => socket.destroy());
      socket.on('error', () => far.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
  });
  afterEach(async () => {
    proxy.close();
    proxy.closeAllConnections();
    await once(proxy, 'close');
  });

  it('reaches a broker in the clear, with name and password for the proxy', async () => {
    await using broker = await openPacketBroker();
    await using client = new MqttClient({ url: broker.url, proxy: `http://user:s%40cret@127.0.0.1:${port()}` });
    await client.start().ready();
    const credentials = `Basic ${Buffer.from('user:s@cret').toString('base64')}`;
    assert.deepEqual(asked, [{ target: `127.0.0.1:${broker.port}`, credentials }]);
  });

  it('reaches a broker over TLS, and verifies that broker', async () => {
    const broker = await openBrokerPort(identities);
    const tls = { ca: identities.authority.ca, ...identities.client };
    const client = new MqttClient({ url: broker.url, tls, proxy: `http://127.0.0.1:${port()}` });
    await client.start().ready();
    assert.equal(asked.length, 1);
    await client.close();
    await broker.close();
  });

  it('says what the proxy answered', async () => {
    refusal = 407;
    const client = new MqttClient({ url: 'mqtt://far.example:1883', proxy: `http://127.0.0.1:${port()}` }).start();
    const cause = await new Promise<Error>((resolve) => {
      client.onState((state) => state.name === 'waiting' && resolve(state.cause));
    });
    await client.close();
    assert.ok(isFault(cause) && cause.code === 'LINK_REFUSED');
    assert.match(cause.message, /^the proxy 127\.0\.0\.1:\d+ refused the connection: 407$/);
  });
});
