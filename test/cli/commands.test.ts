import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartwire } from '../support/cli.ts';

const MISSION = join(import.meta.dirname, '../../flows/mission.mmd');
/** The form of every error: `CODE: what; what to do`, and nothing like a stack. */
const ERROR_LINE = /^[A-Z_]+: [^\n]+; [^\n]+\n$/;

describe('the command line', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartwire-cli-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('says what it can do', async () => {
    const { code, out } = await chartwire('help');
    assert.equal(code, 0);
    for (const name of ['start', 'status', 'chart', 'fleet', 'edge', 'door'])
      assert.match(out, new RegExp(`chartwire ${name}`));
  });

  it('prints the flow a chart becomes', async () => {
    const { code, out, err } = await chartwire('chart', 'to-flow', MISSION);
    assert.equal(code, 0, err);
    const flow = JSON.parse(out) as { type: string }[];
    assert.equal(flow.filter(({ type }) => type.startsWith('chartwire-') && type !== 'chartwire-chart').length, 9);
  });

  it('names line, column and what it expected in a chart that does not parse', async () => {
    const file = join(folder, 'bad.mmd');
    await writeFile(file, 'graph TD\n  A --> B\n  A[Web (User)] --> C\n');
    for (const part of ['check', 'to-flow']) {
      const { code, out, err } = await chartwire('chart', part, file);
      assert.equal(code, 1);
      assert.equal(out, '');
      assert.match(err, /CHART_INVALID: .*:3:\d+: expected /);
      assert.match(err, ERROR_LINE);
    }
  });

  for (const [name, words, expected] of [
    ['an unknown command', ['dance'], /^COMMAND_UNKNOWN/],
    ['an unknown option', ['start', '--hom', 'x'], /^COMMAND_USAGE: .*--hom/],
    ['a port that is none', ['start', '--port', '99999'], /^COMMAND_USAGE: .*99999/],
    ['a limit that is none', ['start', '--limit', 'maxHeaders=5'], /^COMMAND_USAGE: "maxHeaders" is no limit; /],
    [
      'a limit of the door that is none',
      ['start', '--limit', 'door.maxQos=1'],
      /^COMMAND_USAGE: "door.maxQos" is no limit; there are .*maxQos.*door\.idleMs/,
    ],
    ['a limit out of range', ['start', '--limit', 'door.idleMs=0'], /^COMMAND_USAGE: door.idleMs takes .* from 1 to /],
    [
      'a limit that would cut off our own links',
      ['start', '--limit', 'door.maxConnections=1'],
      /^COMMAND_USAGE: door.maxConnections takes .* from 20 to /,
    ],
    [
      'a limit of an edge host that is none',
      ['edge', '--limit', 'door.maxJoy=1'],
      /^COMMAND_USAGE: "door.maxJoy" is no limit; /,
    ],
    ['a missing file', ['chart', 'check', '/nowhere.mmd'], /^FILE_UNREADABLE: .*nowhere/],
    ['a home where nothing runs', ['status', '--home', '/nowhere'], /^NOT_RUNNING/],
    ['a home that is empty text', ['start', '--home', ''], /^COMMAND_USAGE: --home is empty/],
    ['a home that cannot be written to', ['start', '--home', '/dev/null/home'], /^ENOTDIR: .*null/],
    ['a door protocol left out', ['door', 'close'], /^COMMAND_USAGE/],
    [
      'an edge host that never joined',
      ['edge', '--home', join(tmpdir(), 'chartwire-never-joined')],
      /^[A-Z_]+: .*join/,
    ],
    [
      'a join code that is none',
      ['edge', '--home', join(tmpdir(), 'chartwire-never-joined'), '--join', 'nonsense'],
      /^[A-Z_]+: /,
    ],
  ] as const) {
    it(`answers ${name} with one line that says what to do`, async () => {
      const { code, out, err } = await chartwire(...words);
      assert.equal(code, 1);
      assert.equal(out, '');
      assert.match(err, expected);
      assert.match(err, ERROR_LINE);
    });
  }

  it('says which setting to change when a port that was asked for is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const port = String((taken.address() as AddressInfo).port);
    try {
      for (const words of [
        ['--port', port, '--tls-port', '0'],
        ['--port', '0', '--tls-port', port],
      ]) {
        const { code, err } = await chartwire('start', '--home', join(folder, 'taken'), ...words);
        assert.equal(code, 1);
        assert.match(err, new RegExp(`PORT_TAKEN: port ${port} \\(--(tls-)?port\\) is taken; `));
      }
    } finally {
      taken.close();
    }
  });
});
