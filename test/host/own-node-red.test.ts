import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unusedPort } from '../support/unused-port.ts';
import { waitFor } from '../support/wait-for.ts';

const PROGRAM = join(createRequire(import.meta.url).resolve('node-red/package.json'), '../red.js');
const root = join(import.meta.dirname, '../..');

interface OwnNodeRed extends AsyncDisposable {
  readonly url: string;
  /** A listener of the flow, at a port of its own. */
  readonly listenerUrl: string;
  readonly output: () => string;
  readonly exitCode: () => number | null;
}

/** A process of Node-RED itself, with our nodes in its palette and these limits in its settings file. */
async function startOwn(limits: object): Promise<OwnNodeRed> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-own-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const [uiPort, port] = [await unusedPort(), await unusedPort()];
  const settings = {
    uiPort,
    uiHost: '127.0.0.1',
    nodesDir: [root],
    flowFile: 'flows.json',
    credentialSecret: false,
    telemetry: { enabled: false, updateNotification: false },
    'chartwire-limits': limits,
  };
  await writeFile(join(folder, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
  await writeFile(
    join(folder, 'flows.json'),
    JSON.stringify([
      { id: 'tab', type: 'tab', label: 'asked' },
      {
        id: 'listener',
        type: 'chartwire-http2-listener',
        path: '/own',
        port,
        transport: 'plain',
        callers: 'everybody',
      },
      { id: 'asked', type: 'chartwire-http2-in', z: 'tab', url: '/asked', listener: 'listener', wires: [['answered']] },
      { id: 'answered', type: 'chartwire-http2-response', z: 'tab', wires: [] },
    ]),
  );
  const child = spawn(process.execPath, [PROGRAM, '--userDir', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  opened.defer(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });
  await waitFor('the flow to start', () => Promise.resolve(/Started flows/.test(text) || undefined));
  const life = opened.move();
  return {
    url: `http://127.0.0.1:${uiPort}`,
    listenerUrl: `http://127.0.0.1:${port}/own/asked`,
    output: () => text,
    exitCode: () => child.exitCode,
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

describe('somebody’s own Node-RED', () => {
  it('keeps to the limits of its settings file', async () => {
    await using own = await startOwn({ 'door.maxHeaderBytes': 2_000 });
    const ask = async (bytes: number): Promise<number> =>
      (await fetch(own.listenerUrl, { headers: { 'x-filler': 'x'.repeat(bytes) } })).status;
    await waitFor('the listener to answer', () => ask(1_000).catch(() => undefined));
    assert.equal(await ask(1_000), 200);
    assert.equal(await ask(3_000), 431);
  });

  it('runs on with a limit that is none, and each node says which it is', async () => {
    await using own = await startOwn({ 'door.maxJoy': 1 });
    await waitFor('the fault in its log', () =>
      Promise.resolve(
        /SETTINGS_INVALID: .*chartwire-limits.*"door\.maxJoy" is no limit; /.test(own.output()) || undefined,
      ),
    );
    for (let times = 0; times < 2; times += 1)
      assert.equal((await fetch(`${own.url}/chartwire/live`)).status, 200, 'the live view asks for services, too');
    assert.equal(own.exitCode(), null, own.output());
  });
});
