import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import type { HostState } from '../../src/fleet/controller.ts';
import { fleetTopic } from '../../src/fleet/protocol.ts';
import { openAuthority } from '../../src/security/certificates.ts';
import { chartwire } from '../support/cli.ts';
import { startEdge, type TestEdge } from '../support/edge.ts';
import { startChartwire, type TestHost } from '../support/host.ts';
import { boxOf, statusOf } from '../support/status.ts';
import { unusedPort } from '../support/unused-port.ts';
import { waitFor } from '../support/wait-for.ts';

describe('a chart on its way to edge hosts', () => {
  let host: TestHost;
  let edges: TestEdge[] = [];
  let folder: string;
  let home: string;
  const hosts = async (): Promise<HostState[]> => {
    const { out, err } = await chartwire('fleet', 'hosts', '--json', '--home', host.home);
    assert.ok(out, err);
    return JSON.parse(out) as HostState[];
  };
  const everyHost = (what: string, is: (state: HostState) => boolean): Promise<HostState[]> =>
    waitFor(what, async () => {
      const all = await hosts();
      return all.length === 2 && all.every(is) ? all : undefined;
    });
  const ship = async (flows: readonly object[]) => {
    const file = join(folder, `${randomUUID()}.json`);
    await writeFile(file, JSON.stringify(flows));
    return chartwire('fleet', 'ship', file, '--json', '--home', host.home);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartwire-ship-'));
    home = join(folder, 'home');
    host = await startChartwire({ home });
    const codes = await Promise.all(
      ['one', 'two'].map((name) => chartwire('fleet', 'invite', '--name', name, '--home', host.home)),
    );
    edges = await Promise.all(codes.map(({ out }) => startEdge(out.trim(), '--limit', 'door.maxHeaderBytes=2000')));
    await everyHost('both hosts to join', ({ online }) => online);
  });
  after(async () => {
    await Promise.all(edges.map((edge) => edge.stop()));
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is shipped by the button of its deploy box, and runs on both', async () => {
    const deploy = boxOf(await statusOf(host), 'G');
    const pressed = await host.api(`/chartwire/nodes/${deploy.id}/press`, { method: 'POST', body: {} });
    assert.equal(pressed.status, 200, await pressed.clone().text());
    const { digest } = (await pressed.json()) as { digest: string };
    await everyHost('both to run the release', ({ running, state }) => running === digest && state === 'committed');
    await waitFor('the box to say so', async () => {
      const { state } = boxOf(await statusOf(host), 'G');
      return /runs on 2 of 2 hosts/.test(state) ? state : undefined;
    });
  });

  for (const [what, flows, reason] of [
    [
      'a node that throws when it starts',
      [
        { id: 'tab', type: 'tab', label: 'bad' },
        {
          id: 'bad1',
          type: 'function',
          z: 'tab',
          func: 'return msg',
          initialize: 'throw new Error("no sensor")',
          wires: [[]],
        },
      ],
      /no sensor/,
    ],
    [
      'a node type that is missing',
      [
        { id: 'tab', type: 'tab', label: 'bad' },
        { id: 'bad2', type: 'not-installed-anywhere', z: 'tab', wires: [[]] },
      ],
      /not-installed-anywhere/,
    ],
  ] as const) {
    it(`stays when a release holds ${what}, and the reason is told`, async () => {
      const [first] = await hosts();
      const good = first?.running;
      assert.ok(good);
      const { code, err } = await ship(flows);
      assert.equal(code, 1);
      assert.match(err, /^RELEASE_REFUSED: 2 of 2 hosts/);
      assert.match(err, reason);
      const after = await everyHost('both to run the good one', ({ running }) => running === good);
      for (const state of after) assert.match(state.reason, reason);
    });
  }

  it('stays when a release was tampered with on its way', async () => {
    const [first] = await hosts();
    assert.ok(first?.running);
    const authority = await openAuthority(join(host.home, 'certificates'));
    const own = await authority.issueClient({ commonName: 'chartwire-controller' });
    const broker = await connectAsync(`mqtts://127.0.0.1:${host.tlsPort}`, {
      ca: authority.ca,
      ...own,
      ALPNProtocols: ['mqtt'],
      protocolVersion: 5,
    });
    try {
      for (const { edgeId } of await hosts()) {
        const topic = fleetTopic(edgeId, 'desired');
        const sealed = await new Promise<Buffer>((resolve) => {
          broker.on('message', (heard, payload) => heard === topic && resolve(payload));
          broker.subscribe(topic);
        });
        const document = JSON.parse(sealed.toString()) as { signature: string };
        const signature = Buffer.from(document.signature, 'base64');
        signature[0] = (signature[0] ?? 0) ^ 1;
        await broker.publishAsync(topic, JSON.stringify({ ...document, signature: signature.toString('base64') }), {
          qos: 1,
        });
      }
    } finally {
      await broker.endAsync();
    }
    const after = await everyHost('both to refuse it', ({ state }) => state === 'rejected');
    for (const { running, reason } of after) {
      assert.equal(running, first.running);
      assert.match(reason, /RELEASE_SIGNATURE_INVALID/);
    }
  });

  it('goes on when the controller is gone, and is told truly when it is back', async () => {
    const [first] = await hosts();
    const { tlsPort } = host;
    await host.stop();
    for (const edge of edges) assert.equal(edge.exitCode(), null);
    host = await startChartwire({ home, args: ['--tls-port', String(tlsPort)] });
    const back = await everyHost('both to come back', ({ online }) => online);
    for (const { running } of back) assert.equal(running, first?.running);
  });

  it('keeps to the limits its host was started with', async () => {
    await edges[1]?.stop();
    await waitFor('one host to be gone', async () => (await hosts()).some(({ online }) => !online) || undefined);
    const port = await unusedPort();
    const listener = {
      id: 'listener',
      type: 'chartwire-http2-listener',
      path: '/own',
      port,
      transport: 'plain',
      callers: 'everybody',
    };
    const request = {
      id: 'asked',
      type: 'chartwire-http2-in',
      z: 'tab',
      url: '/asked',
      listener: 'listener',
      wires: [['answered']],
    };
    const response = { id: 'answered', type: 'chartwire-http2-response', z: 'tab', wires: [] };
    const { code, err } = await ship([{ id: 'tab', type: 'tab', label: 'asked' }, listener, request, response]);
    assert.equal(code, 0, err);
    const ask = async (bytes: number): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/own/asked`, { headers: { 'x-filler': 'x'.repeat(bytes) } })).status;
    assert.equal(await ask(1_000), 200);
    assert.equal(await ask(3_000), 431);
  });
});
