import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchChart } from '../../../nodes/chart/fetch-chart.ts';
import { admits } from '../../../nodes/chart/own-network.ts';
import { isFault } from '../../../src/fault.ts';

const LIMITS = { maxBytes: 1000, withinMs: 10_000 };
const CHART = 'flowchart LR\n  A[Käse 🧀] --> B\n';

describe('a chart from an address', () => {
  let server: Server;
  let base: string;
  const answers: Record<string, (response: ServerResponse) => void> = {
    '/chart.mmd': (response) => response.end(CHART),
    '/moved': (response) => response.writeHead(302, { location: '/chart.mmd' }).end(),
    '/circle': (response) => response.writeHead(302, { location: '/circle' }).end(),
    '/file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/large': (response) => response.end('x'.repeat(5000)),
    '/bytes': (response) => response.end(Buffer.from([0xff, 0xfe, 0x00])),
    '/slow': (response) => void response.write('flow'),
    '/missing': (response) => response.writeHead(404).end('<p>no</p>'),
  };
  before(async () => {
    server = createServer((request, response) => answers[request.url ?? '']?.(response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const problemOf = async (url: string, limits: object = {}): Promise<string> => {
    try {
      await fetchChart(url, { ...LIMITS, ...limits });
    } catch (error) {
      assert.ok(isFault(error), String(error));
      return `${error.code}: ${error.message}`;
    }
    throw new Error('it was fetched');
  };

  it('is its text, also where the user’s own host redirects to', async () => {
    assert.equal(await fetchChart(`${base}/chart.mmd`, LIMITS), CHART);
    assert.equal(await fetchChart(`${base}/moved`, LIMITS), CHART);
  });

  const refused: [string, string, RegExp][] = [
    ['what is no address', 'chart.mmd', /it is no address/],
    ['another protocol', 'file:///etc/passwd', /only http and https/],
    ['a redirect to another protocol', '/file', /only http and https/],
    ['an address with a password', 'http://me:secret@127.0.0.1/', /password/],
    ['more redirects than three', '/circle', /redirects more than 3 times/],
    ['more than the limit', '/large', /PAYLOAD_TOO_LARGE/],
    ['what is no text', '/bytes', /no text/],
    ['what is not there', '/missing', /status 404/],
  ];
  for (const [what, path, problem] of refused) {
    it(`is refused for ${what}`, async () => {
      assert.match(await problemOf(path.startsWith('/') ? `${base}${path}` : path), problem);
    });
  }

  it('is given up when it takes too long, and tells no secret of the address', async () => {
    const told = await problemOf(`${base}/slow`, { withinMs: 200 });
    assert.match(told, /no whole answer within 200 ms/);
    for (const address of [
      `${base}/missing?token=secret`,
      'http://me:secret@127.0.0.1/chart',
      'http://me:sec@ret@127.0.0.1/chart#secret',
      'ftp://me:secret@host/chart?secret',
      'me:secret@host',
      'http://me:secret@ho st/',
    ])
      assert.doesNotMatch(await problemOf(address, { withinMs: 200 }), /secret|ret@/, address);
  });

  it('may not lead from the world into the user’s own network', () => {
    // No public host can be asked here: what is tried is what every redirect is checked with.

    const admitted = [
      '127.0.0.1',
      '10.1.2.3',
      '::1',
      'fe80::1',
      '::ffff:192.168.1.1',
      '169.254.169.254',
      '93.184.216.34',
      '2606:2800::1',
    ].map((address) => admits(address));
    assert.deepEqual(admitted, [false, false, false, false, false, false, true, true]);
  });
});
