import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartwire } from '../support/cli.ts';
import { startChartwire } from '../support/host.ts';

const PROGRAM = join(import.meta.dirname, '../../dist/bin/chartwire.js');

describe('a home in which something is damaged', () => {
  let whole: string;
  let home: string;

  before(async () => {
    whole = await mkdtemp(join(tmpdir(), 'chartwire-whole-'));
    const host = await startChartwire({ home: whole });
    await host.stop();
    await writeFile(join(whole, 'fleet.json'), JSON.stringify({ version: 1, hosts: [], invitations: [] }));
    await writeFile(join(whole, 'node-red/flows_cred.json'), '{"$":"00"}');
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'chartwire-damaged-'));
    await cp(whole, home, { recursive: true });
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  after(() => rm(whole, { recursive: true, force: true }));

  const start = () => chartwire('start', '--home', home, '--port', '0', '--tls-port', '0', '--headless');

  const secrets = ['admin.json', 'credential.key', 'release-key.pem', 'certificates/ca.crt', 'certificates/ca.key'];
  const state = ['fleet.json', 'node-red/flows.json', 'node-red/flows_cred.json'];
  for (const file of [...secrets, ...state]) {
    it(`does not start over a damaged ${file}, names it and leaves it as it is`, async () => {
      const path = join(home, file);
      const text = await readFile(path);
      for (const damaged of [Buffer.alloc(0), Buffer.from([0, 255, 123, 34]), text.subarray(0, text.length / 2)]) {
        await writeFile(path, damaged);
        const { code, err } = await start();
        assert.equal(code, 1);
        assert.match(err, /^(FILE_DAMAGED|CERTIFICATE_UNUSABLE|SETTINGS_INVALID): [^\n]+; [^\n]+\n$/);
        assert.ok(err.includes(path), err);
        assert.deepEqual(await readFile(path), damaged);
      }
    });
  }

  it('names what stands where a file belongs', async () => {
    const path = join(home, 'release-key.pem');
    await rm(path);
    await mkdir(path);
    const { code, err } = await start();
    assert.equal(code, 1);
    assert.match(err, /^FILE_UNREADABLE: [^\n]*release-key\.pem[^\n]+; [^\n]+\n$/);
  });

  it('makes no new key while there are credentials of the lost one', async () => {
    await rm(join(home, 'credential.key'));
    const { code, err } = await start();
    assert.equal(code, 1);
    assert.match(err, /^FILE_DAMAGED: .*flows_cred\.json is damaged: its key .*credential\.key is missing; /);
  });

  it('is no home of a running Chartwire when only control.json says so', async () => {
    for (const text of ['', '{', 'null', '{"pid":1,"url":"no url","token":""}']) {
      await writeFile(join(home, 'control.json'), text);
      const { code, err } = await chartwire('status', '--home', home);
      assert.equal(code, 1);
      assert.match(err, /^NOT_RUNNING: /);
    }
  });

  it('does not hold an edge host that joins anew by itself', async () => {
    const path = join(home, 'edge/identity.json');
    await mkdir(join(home, 'edge'));
    for (const text of [
      '',
      '{"edgeId":"a"}',
      '{"edgeId":"a","broker":"","ca":"","certificate":"","key":"x","releaseKey":""}',
    ]) {
      await writeFile(path, text);
      const { code, err } = await chartwire('edge', '--home', home, '--join', 'nonsense');
      assert.equal(code, 1);
      assert.match(err, /^FILE_DAMAGED: [^\n]*identity\.json is damaged: [^\n]+; [^\n]+\n$/);
      assert.equal(await readFile(path, 'utf8'), text);
    }
  });
});

describe('a running Chartwire', () => {
  it('stops cleanly though it is told to twice', async () => {
    const home = await mkdtemp(join(tmpdir(), 'chartwire-twice-'));
    const child = spawn(
      process.execPath,
      [PROGRAM, 'start', '--home', home, '--port', '0', '--tls-port', '0', '--headless'],
      {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      },
    );
    const ended = once(child, 'exit');
    let text = '';
    for await (const part of child.stdout!.setEncoding('utf8')) {
      text += part;
      if (text.includes('Chartwire ready')) break;
    }
    child.kill('SIGINT');
    child.kill('SIGTERM');
    child.kill('SIGINT');
    assert.deepEqual(await ended, [0, null]);
    await rm(home, { recursive: true, force: true });
  });
});
