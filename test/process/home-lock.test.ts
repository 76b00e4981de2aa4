import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockHome } from '../../src/process/home-lock.ts';
import { isAlive, processRecord } from '../../src/process/process-record.ts';

describe('The lock of a home', () => {
  let home: string;
  let lock: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'chartwire-lock-'));
    lock = join(home, 'lock');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('keeps a second one out and is gone when it was let go', () => {
    const release = lockHome(home);
    assert.throws(() => lockHome(home), { code: 'HOME_LOCKED' });
    release();
    assert.deepEqual(readdirSync(home), []);
  });

  it('is taken over from a process that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const record = processRecord(child.pid!);
    assert.ok(record !== undefined && isAlive(record));
    writeFileSync(lock, JSON.stringify(record));
    assert.throws(() => lockHome(home), { code: 'HOME_LOCKED' });
    child.kill('SIGKILL');
    await once(child, 'close');
    assert.ok(!isAlive(record));
    lockHome(home)();
  });

  for (const [whose, text] of [
    ['another process that got the same number', JSON.stringify({ pid: process.pid, start: 'another boot' })],
    ['nobody, being empty after a power loss', ''],
  ] as const) {
    it(`is taken over when it is of ${whose}`, () => {
      writeFileSync(lock, text);
      const release = lockHome(home);
      assert.deepEqual(JSON.parse(readFileSync(lock, 'utf8')), processRecord(process.pid));
      release();
      assert.ok(!existsSync(lock));
    });
  }
});
