import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import mqtt from 'mqtt';
import { hear } from '../broker/broker-world.ts';
import { RawClient } from '../broker/raw-client.ts';
import { chartwire } from '../support/cli.ts';

const PROGRAM = join(import.meta.dirname, '../../dist/bin/chartwire.js');
const PASSWORD = 'a long secret 12';

describe('chartwire broker, pub and sub', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chartwire-broker-cli-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }
    }
    rmSync(folder, { recursive: true });
  });

  function run(
    words: readonly string[],
    input?: string,
  ): { child: ChildProcess; line(wanted: RegExp): Promise<RegExpExecArray> } {
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit'],
      env: { ...process.env, CHARTWIRE_MQTT_PASSWORD: PASSWORD },
    });
    child.stdin?.end(input);
    children.push(child);
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    return {
      child,
      async line(wanted) {
        for (;;) {
          const { value, done } = await lines.next();
          if (done === true) throw new Error(`it ended without ${String(wanted)}`);
          const found = wanted.exec(value);
          if (found !== null) return found;
        }
      },
    };
  }

  it('carry messages, keep what is retained over a restart, and tell each failure by exit code', async () => {
    const hashed = await run(['broker', 'password'], `${PASSWORD}\n`).line(/^scrypt.*/);
    const users = join(folder, 'users.json');
    writeFileSync(users, JSON.stringify([{ name: 'u', password: hashed[0], publish: ['a/#'] }]));
    const words = [
      'broker',
      '--home',
      folder,
      '--port',
      '0',
      '--tls-port',
      '0',
      '--users',
      users,
      '--limit',
      'maxRetained=1',
    ];
    const first = run(words);
    const url = `mqtt://127.0.0.1:${(await first.line(/^MQTT ready on .*:(\d+)$/))[1]}`;
    const tls = `mqtts://localhost:${(await first.line(/TLS ready on .*:(\d+)$/))[1]}`;
    const ask = async (...more: string[]): Promise<number | null> => {
      const { child } = run(more);
      return ((await once(child, 'exit')) as [number | null])[0];
    };
    assert.equal(await ask('pub', 'a/kept', 'still here', '--retain', '--url', url, '--user', 'u'), 0);
    assert.equal(await ask('pub', 'a/more', 'x', '--retain', '--url', url, '--user', 'u'), 1, 'the limit');
    assert.equal(await ask('pub', 'b', 'x', '--url', url, '--user', 'u'), 1, 'no right');
    const { code, err } = await chartwire('pub', 'a', 'x', '--url', url);
    assert.equal(code, 1);
    assert.match(err, /^LINK_REFUSED/);
    const heard = run([
      'sub',
      'a/#',
      '--count',
      '1',
      '--json',
      '--url',
      tls,
      '--user',
      'u',
      '--ca',
      join(folder, 'certificates/ca.crt'),
    ]);
    const { topic, payload, retain } = JSON.parse((await heard.line(/^\{.*/))[0]) as Record<string, unknown>;
    assert.deepEqual([topic, payload, retain], ['a/kept', 'still here', true]);

    const stopped = once(first.child, 'exit');
    first.child.kill('SIGTERM');
    assert.deepEqual(await stopped, [0, null]);
    const second = run(words);
    const again = `mqtt://127.0.0.1:${(await second.line(/^MQTT ready on .*:(\d+)$/))[1]}`;
    await run(['sub', 'a/+', '--count', '1', '--url', again, '--user', 'u', '--v3']).line(/^a\/kept still here$/);
  });

  it('prints what a login with SCRAM needs, sends clients elsewhere, and gives no reasons when told so', async () => {
    await run(['broker', 'password', '--scram'], `${PASSWORD}\n`).line(/^SCRAM-SHA-256\$600000:/);
    const words = ['broker', '--memory', '--port', '0', '--home', folder];
    const port = Number((await run([...words, '--redirect', 'other:1883', '--discreet']).line(/:(\d+)$/))[1]);
    await using client = new RawClient(port, 5);
    const { reasonCode, properties } = await client.connect();
    assert.deepEqual({ reasonCode, ...properties }, { reasonCode: 0x9c, serverReference: 'other:1883' });
  });

  it('serve WebSockets, plain and with TLS', async () => {
    const ports = ['--port', '0', '--ws-port', '0', '--wss-port', '0'];
    const broker = run(['broker', '--memory', '--home', folder, ...ports]);
    const ws = (await broker.line(/^MQTT over WebSocket ready on .*:(\d+)$/))[1];
    const wss = (await broker.line(/^MQTT over WebSocket and TLS ready on .*:(\d+)$/))[1];
    const ca = readFileSync(join(folder, 'certificates', 'ca.crt'));
    const options = { reconnectPeriod: 0, ca } as const;
    const [one, other] = await Promise.all([
      mqtt.connectAsync(`ws://127.0.0.1:${ws}`, options),
      mqtt.connectAsync(`wss://localhost:${wss}`, options),
    ]);
    const heard = hear(other, 1);
    await other.subscribeAsync('over/#');
    await one.publishAsync('over/both', 'x', { qos: 1 });
    assert.equal((await heard)[0]?.topic, 'over/both');
    await Promise.all([one.endAsync(), other.endAsync()]);
  });

  it('sets the limits of the broker in a whole Chartwire, too', async () => {
    const words = [
      'start',
      '--headless',
      '--home',
      folder,
      '--port',
      '0',
      '--tls-port',
      '0',
      '--limit',
      'maxTopicLevels=8',
    ];
    const url = (await run(words).line(/^Chartwire ready https:(\S+)/))[1];
    const ca = readFileSync(join(folder, 'certificates', 'ca.crt'));
    const client = await mqtt.connectAsync(`mqtts:${url}`, { reconnectPeriod: 0, ca, protocolVersion: 5 });
    await client.publishAsync('1/2/3/4/5/6/7/8', 'x', { qos: 1 });
    await assert.rejects(client.publishAsync('1/2/3/4/5/6/7/8/9', 'x', { qos: 1 }), { code: 0x90 });
    await client.endAsync();
  });

  for (const [what, words, expected] of [
    ['a limit that is none', ['broker', '--limit', 'maxJoy=1'], /^COMMAND_USAGE: .*maxJoy/],
    ['a limit MQTT has no room for', ['broker', '--limit', 'maxInFlight=65536'], /^COMMAND_USAGE: .* 1 to 65535/],
    ['a limit nobody could live with', ['broker', '--limit', 'maxPacketBytes=0'], /^COMMAND_USAGE: maxPacketBytes/],
    ['a limit without a number', ['broker', '--limit', 'maxClients='], /^COMMAND_USAGE: maxClients takes/],
    ['a move to nowhere', ['broker', '--redirect', ''], /^COMMAND_USAGE: --redirect/],
    [
      'an open port without TLS',
      ['broker', '--host', '0.0.0.0', '--memory', '--port', '0'],
      /^BIND_INSECURE: .*--tls-port/,
    ],
    ['a topic with a wildcard', ['pub', 'a/#', 'x'], /^MESSAGE_INVALID/],
    ['a filter that is none', ['sub', 'a#'], /^COMMAND_USAGE/],
    ['a shared subscription of nobody', ['sub', '$share//a'], /^COMMAND_USAGE: .*no name/],
    ['an address that is no broker', ['sub', 'a', '--url', 'http://127.0.0.1:1'], /^COMMAND_USAGE: .*mqtts/],
    ['a QoS that is none', ['sub', 'a', '--qos', '3'], /^COMMAND_USAGE: .*3/],
    ['a broker that is not there', ['pub', 'a', 'x', '--url', 'mqtt://127.0.0.1:1'], /^FAR_SIDE_GONE/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { code, err } = await chartwire(...words);
      assert.equal(code, 1);
      assert.match(err, expected);
    });
  }
});
