import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { decodeJoinCode } from '../../src/fleet/join-code.ts';
import { fleetTopic, parseReported } from '../../src/fleet/protocol.ts';
import { decodeRelease, encodeRelease } from '../../src/fleet/release-document.ts';
import { type SealedRelease, sealRelease } from '../../src/fleet/release.ts';
import { unusedPort } from '../support/unused-port.ts';
import { markingFlow, openController, temporaryFolder, TestEdge, type TestController } from './fleet-harness.ts';
import { ANY_VERSION, badFlows, functionNode } from './release-samples.ts';

describe('Edge hosts', () => {
  let temporary: ReturnType<typeof temporaryFolder>;
  let controller: TestController;
  let home: string;
  const edges: TestEdge[] = [];
  let ids: string[] = [];
  let good: string;
  let label = 0;

  const shipGood = async (): Promise<string> => {
    label += 1;
    const { digest } = await controller.fleet.ship(
      { name: 'ticks', flows: markingFlow(`good ${label}`) },
      { hosts: ids },
    );
    const outcome = await controller.fleet.outcome(digest, AbortSignal.timeout(100_000));
    assert.deepEqual(
      outcome.map(({ result }) => result),
      ['committed', 'committed'],
    );
    return digest;
  };
  const bothOnline = (): Promise<unknown> => Promise.all(ids.map((id) => controller.until(id, (host) => host.online)));
  const bothRunGood = async (): Promise<void> => {
    await Promise.all(ids.map((id) => controller.until(id, (host) => host.running === good)));
    await Promise.all(edges.map((edge) => edge.marked(`good ${label}`)));
  };

  before(async () => {
    temporary = temporaryFolder();
    home = join(temporary.folder, 'controller');
    mkdirSync(home);
    // While the controller is gone nobody else may be given its port.
    controller = await openController(home, await unusedPort());
    for (const name of ['one', 'two']) {
      const edge = new TestEdge(temporary.folder, name);
      edge.start((await controller.fleet.invite({ name })).code);
      edges.push(edge);
    }
    for (const edge of edges) await untilJoined(edge);
    // In the order of `edges`: the list is in the order they joined.
    ids = ['one', 'two'].map((name) => controller.fleet.hosts().find((host) => host.name === name)!.edgeId);
    await bothOnline();
    good = await shipGood();
  });

  const untilJoined = (edge: TestEdge): Promise<void> => untilLine(edge, /^connected to/);
  const untilLine = async (edge: TestEdge, wanted: RegExp): Promise<void> => {
    while (!edge.lines.some((line) => wanted.test(line))) {
      await Promise.race([
        new Promise((resolve) => setTimeout(resolve, 50)),
        edge.ended.then(() => assert.fail(edge.lines.join('\n'))),
      ]);
    }
  };

  after(async () => {
    await Promise.all(edges.map((edge) => edge.stop()));
    await controller[Symbol.asyncDispose]();
    temporary.remove();
  });

  it('run the release they were sent', async () => {
    await bothRunGood();
    for (const host of controller.fleet.hosts()) assert.equal(host.state, 'committed');
  });

  it('keep what is theirs in files for their owner alone', () => {
    for (const edge of edges) {
      const folder = join(edge.home, 'edge');
      for (const name of ['identity.json', 'state.json', 'lock']) {
        assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
      }
      assert.ok(!readdirSync(folder).some((name) => name.includes('tmp')));
    }
  });

  for (const [what, flows] of Object.entries(badFlows)) {
    it(`keep or regain the good release when the new one ${what}, and say why`, async () => {
      const { digest } = await controller.fleet.ship({ name: 'bad', flows }, { hosts: ids });
      for (const { result, reason } of await controller.fleet.outcome(digest, AbortSignal.timeout(100_000))) {
        assert.match(result, /rolled_back|rejected/);
        assert.match(reason!, /no such sensor|no-such-type|SyntaxError|lost the sensor/);
      }
      await bothRunGood();
    });
  }

  it('hot-deploy a good release over a good one', async () => {
    good = await shipGood();
    await bothRunGood();
  });

  const broken: [string, RegExp, (sealed: SealedRelease) => SealedRelease][] = [
    [
      'a broken signature',
      /^RELEASE_SIGNATURE_INVALID/,
      (sealed) => ({ ...sealed, signature: Buffer.alloc(64, 1).toString('base64') }),
    ],
    [
      'changed flows',
      /^RELEASE_DIGEST_MISMATCH/,
      (sealed) => ({ ...sealed, flows: JSON.stringify([functionNode('other', '')]) }),
    ],
  ];
  for (const [what, reason, damage] of broken) {
    it(`refuse a release with ${what} and run on`, async () => {
      const sealed = nextRelease();
      for (const id of ids) await publishDesired(id, damage(sealed));
      for (const id of ids) {
        const host = await controller.until(id, ({ reason: told }) => reason.test(told));
        assert.equal(host.state, 'rejected');
      }
      await bothRunGood();
    });
  }

  /** A good release as the controller would send it, which no host has seen. */
  const nextRelease = (): SealedRelease => {
    const sealed = sealRelease(
      { name: 'unseen', flows: markingFlow('unseen'), version: 1000, minVersions: ANY_VERSION },
      controller.signer,
    );
    return decodeRelease(encodeRelease(sealed));
  };
  const publishDesired = (id: string, sealed: SealedRelease): Promise<void> =>
    controller.broker.publish({
      topic: fleetTopic(id, 'desired'),
      payload: encodeRelease(sealed),
      qos: 1,
      retain: true,
    });

  it('that were away take only the newest release when they come back', async () => {
    const [edge, id] = [edges[0]!, ids[0]!];
    await edge.stop();
    await controller.until(id, (host) => !host.online);
    const digests: string[] = [];
    for (const missed of ['missed', 'also missed']) {
      digests.push((await controller.fleet.ship({ name: missed, flows: markingFlow(missed) }, { hosts: [id] })).digest);
    }
    assert.deepEqual(await controller.fleet.outcome(digests[1]!), [{ edgeId: id, result: 'offline' }]);
    const states: string[] = [];
    const unsubscribe = await controller.broker.subscribe(fleetTopic(id, 'reported'), ({ payload }) => {
      states.push(parseReported(payload).digest ?? '');
    });
    edge.start();
    await controller.until(id, (host) => host.state === 'committed' && host.running === digests[1]);
    await unsubscribe();
    assert.ok(!states.includes(digests[0]!));
    good = await shipGood();
    await bothRunGood();
  });

  it('cannot join with a code that was used', async () => {
    const { code } = await controller.fleet.invite({ name: 'three' });
    const third = new TestEdge(temporary.folder, 'three');
    third.start(code);
    await untilJoined(third);
    await third.stop();
    const fourth = new TestEdge(temporary.folder, 'four');
    fourth.start(code);
    assert.notEqual(await fourth.ended, 0);
    assert.match(fourth.lines.join('\n'), /JOIN_REFUSED|did not let this host join/);
  });

  it('get no certificate for a bad request, and the code stays good', async () => {
    const { code } = await controller.fleet.invite();
    const { url, ca, token } = decodeJoinCode(code);
    const post = (body: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const sent = request(`${url}/fleet/join`, { method: 'POST', ca, agent: false }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode));
        });
        sent.on('error', reject).end(body);
      });
    assert.equal(await post('{'), 400);
    assert.equal(await post(JSON.stringify({ token, csr: 'none' })), 400);
    assert.equal(await post(JSON.stringify({ token: 'wrong', csr: 'none' })), 401);
    assert.equal(await post('x'.repeat(20_000)), 400);
    const edge = new TestEdge(temporary.folder, 'five');
    edge.start(code);
    await untilJoined(edge);
    await edge.stop();
  });

  it('allow one supervisor to a home', async () => {
    const rival = new TestEdge(temporary.folder, 'rival');
    Object.defineProperty(rival, 'home', { value: edges[0]!.home });
    rival.start();
    assert.notEqual(await rival.ended, 0);
    assert.match(rival.lines.join('\n'), /is in use by process/);
  });

  describe('whose controller', () => {
    let port: number;
    before(async () => {
      ({ port } = controller.door);
      await controller[Symbol.asyncDispose]();
    });

    const allRunOn = async (edge: TestEdge): Promise<void> => {
      await Promise.all(edges.map((each) => each.marked(`good ${label}`)));
      await edge.stop('SIGKILL');
      edge.start('a code that is not needed any more');
      await Promise.all(edges.map((each) => each.marked(`good ${label}`)));
    };

    it('is gone run on, also after a restart', () => allRunOn(edges[0]!));

    it('answers 401 run on, also after a restart', async () => {
      const asked = Promise.withResolvers<void>();
      const refuse = (): boolean => {
        asked.resolve();
        return false;
      };
      await using _refusing = await openController(home, port, refuse);
      await allRunOn(edges[1]!);
      await asked.promise;
      await Promise.all(edges.map((edge) => edge.marked(`good ${label}`)));
    });

    it('is replaced by a stranger do not speak to it and run on', async () => {
      const stranger = join(temporary.folder, 'stranger');
      mkdirSync(stranger);
      await using strange = await openController(stranger, port);
      const clients: string[] = [];
      strange.broker.onClient((_, client) => clients.push(client.clientId));
      await allRunOn(edges[0]!);
      await untilLine(edges[0]!, /no link to .*(certificate|signature)/);
      assert.deepEqual(clients, []);
    });

    it('is back are seen again and take the next release', async () => {
      controller = await openController(home, port);
      await bothOnline();
      await bothRunGood();
      good = await shipGood();
      await bothRunGood();
    });
  });
});
