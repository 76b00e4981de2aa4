import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, parseRecord, type ProcessRecord } from '../../src/process/process-record.ts';
import { parseState } from '../../src/fleet/store/store-state.ts';
import { fleetTopic, parseReported, type Reported } from '../../src/fleet/protocol.ts';
import { markingFlow, openController, temporaryFolder, TestEdge, type TestController } from '../fleet/fleet-harness.ts';

const HOSTS = 5;
const ROUNDS = 10;

describe('kill -9 of an edge host in mid-deploy', function () {
  this.timeout(600_000);
  let temporary: ReturnType<typeof temporaryFolder>;
  let controller: TestController;
  const edges = new Map<string, TestEdge>();
  /** Label each release's flow writes, by digest. */
  const labels = new Map<string, string>();
  const reports: Reported[] = [];
  /** How often a kill found a host in which state. */
  const found: Record<string, number> = {};

  before(async () => {
    temporary = temporaryFolder();
    const home = join(temporary.folder, 'controller');
    mkdirSync(home);
    controller = await openController(home);
    await controller.broker.subscribe(
      fleetTopic('+', 'reported'),
      ({ payload }) => void reports.push(parseReported(payload)),
    );
    for (let number = 0; number < HOSTS; number += 1) {
      const edge = new TestEdge(temporary.folder, `host${number}`);
      const known = new Set(edges.keys());
      edge.start((await controller.fleet.invite()).code);
      edges.set(await untilNew(controller, known), edge);
    }
  });

  after(async () => {
    await Promise.all([...edges.values()].map((edge) => edge.stop('SIGKILL')));
    await controller[Symbol.asyncDispose]();
    temporary.remove();
  });

  const ship = async (edgeId: string, label: string): Promise<string> => {
    const { digest } = await controller.fleet.ship({ name: label, flows: markingFlow(label) }, { hosts: [edgeId] });
    labels.set(digest, label);
    return digest;
  };

  /** One round on one host: what it ran before is known, what it runs after is one of two, and it says which. */
  const killOnce = async (
    edgeId: string,
    edge: TestEdge,
    { round, before, deployMs }: { round: number; before: string; deployMs: number },
  ): Promise<string> => {
    const digest = await ship(edgeId, `${edgeId} ${round}`);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * deployMs));
    const runner = runnerOf(edge);
    await edge.stop('SIGKILL');
    const { phase } = parseState(readFileSync(join(edge.home, 'edge', 'state.json')));
    found[phase.name] = (found[phase.name] ?? 0) + 1;
    await controller.until(edgeId, (host) => !host.online);
    const heard = reports.length;
    const marks = edge.marks.length;
    edge.start();
    const host = await controller.until(
      edgeId,
      ({ online, state, running }) => online && state === 'committed' && running === digest,
    );
    assert.equal(host.desired, digest);
    for (const { edgeId: from, running } of reports.slice(heard)) {
      if (from === edgeId && running !== null)
        assert.ok([before, digest].includes(running.digest), 'a release nobody sent');
    }
    await edge.marked(labels.get(digest)!);
    const whole = new Set([labels.get(before), labels.get(digest)]);
    // The first mark may have been half written by the runner that ended.
    for (const mark of edge.marks.slice(marks + 1)) assert.ok(whole.has(mark), `ran "${mark}"`);
    assert.ok(runner === undefined || !isAlive(runner), 'the runner outlived its supervisor');
    return digest;
  };

  it(`comes back on a whole release and reports the truth, ${HOSTS * ROUNDS} times of ${HOSTS * ROUNDS}`, async () => {
    const ends = await Promise.allSettled(
      [...edges].map(async ([edgeId, edge]) => {
        let before = await ship(edgeId, `${edgeId} first`);
        const committed = (): Promise<unknown> =>
          controller.until(edgeId, ({ state, running }) => state === 'committed' && running === before);
        await committed();
        // How long a release takes from its arrival to its commit here: kills fall everywhere in it.
        const shippedAt = performance.now();
        before = await ship(edgeId, `${edgeId} second`);
        await committed();
        const deployMs = performance.now() - shippedAt;
        for (let round = 0; round < ROUNDS; round += 1)
          before = await killOnce(edgeId, edge, { round, before, deployMs });
      }),
    );
    // None goes on under what comes after this test.
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    // Otherwise the kills came too early or too late to say anything.
    assert.ok(found['trial']! > 0 && found['committed']! > 0, JSON.stringify(found));
  });

  it('of its runner is answered with a new one on the committed release', async () => {
    const [[edgeId, edge]] = [...edges] as [[string, TestEdge]];
    const { running } = await controller.until(edgeId, (host) => host.running !== null);
    process.kill(runnerOf(edge)!.pid, 'SIGKILL');
    await controller.until(edgeId, (host) => host.running === null && /SIGKILL/.test(host.reason));
    await controller.until(edgeId, (host) => host.running === running && host.reason === '');
    await edge.marked(labels.get(running!)!);
  });
});

function runnerOf(edge: TestEdge): ProcessRecord | undefined {
  try {
    return parseRecord(readFileSync(join(edge.home, 'edge', 'runner.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

async function untilNew({ fleet }: TestController, known: ReadonlySet<string>): Promise<string> {
  for (;;) {
    const found = fleet.hosts().find((host) => host.online && !known.has(host.edgeId));
    if (found !== undefined) return found.edgeId;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
