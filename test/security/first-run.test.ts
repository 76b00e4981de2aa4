import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminAuth } from '../../src/security/admin-auth.ts';
import { openAdmin } from '../../src/security/first-run.ts';
import { readSecret, writeSecret } from '../../src/security/secret-file.ts';
import { isFault } from '../../src/fault.ts';

const PASSWORD = 'correct horse battery';

describe('The first run', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'chartwire-home-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  it('gives another token at every start until one was used, and stores none', async () => {
    const first = await openAdmin(home);
    const second = await openAdmin(home);
    assert.match(first.token ?? '', /^[\w-]{43}$/);
    assert.notEqual(first.token, second.token);
    assert.deepEqual(await readdir(home), []);
    assert.ok(await second.setPassword(first.token ?? '', PASSWORD));
    assert.equal(await second.setPassword(second.token ?? '', PASSWORD), undefined);
    assert.equal((await openAdmin(home)).needsSetup, false);
  });

  it('lets the token set one password, once', async () => {
    const admin = await openAdmin(home);
    const token = admin.token ?? '';
    assert.match((await admin.setPassword(token, 'short')) ?? '', /12 characters/);
    const answers = await Promise.all([
      admin.setPassword(token, PASSWORD),
      admin.setPassword(token, 'another password'),
    ]);
    assert.equal(answers.filter((answer) => answer === undefined).length, 1);
    assert.equal(admin.needsSetup, false);
    assert.equal(admin.token, undefined);
    assert.equal(admin.accepts(token), false);
    assert.ok(await admin.setPassword(token, PASSWORD));
  });

  it('keeps only a hash, for the owner only', async () => {
    const admin = await openAdmin(home);
    assert.equal(await admin.provision(PASSWORD), undefined);
    const file = join(home, 'admin.json');
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal((await readFile(file, 'utf8')).includes(PASSWORD), false);
    assert.ok(await admin.provision('some other password'));
  });

  it('lets nobody in before there is a password, and then only admin with it', async () => {
    const admin = await openAdmin(home);
    const login = adminAuth(admin);
    assert.equal(await login.authenticate('admin', ''), null);
    assert.equal(await login.users('admin'), null);
    await admin.provision(PASSWORD);
    for (const [name, password] of [
      ['admin', 'wrong'],
      ['root', PASSWORD],
      ['__proto__', PASSWORD],
      ['', ''],
    ] as const) {
      assert.equal(await login.authenticate(name, password), null);
    }
    assert.deepEqual(await login.authenticate('admin', PASSWORD), { username: 'admin', permissions: '*' });
  });

  it('does not fall back to set-up when its file is damaged', async () => {
    for (const text of ['', '{}', '{"passwordHash":"x"}', 'null']) {
      await writeFile(join(home, 'admin.json'), text);
      await assert.rejects(openAdmin(home), (error) => isFault(error) && error.code === 'SETTINGS_INVALID');
    }
  });
});

describe('A secret file', () => {
  it('is written for the owner only, replaced as a whole, and says when others can read it', async () => {
    const home = await mkdtemp(join(tmpdir(), 'chartwire-secret-'));
    try {
      const file = join(home, 'deep', 'secret');
      assert.equal(await readSecret(file), undefined);
      await writeSecret(file, 'one');
      await writeSecret(file, 'two');
      assert.deepEqual(await readSecret(file), { text: 'two', warning: undefined });
      assert.deepEqual(await readdir(join(home, 'deep')), ['secret']);
      await chmod(file, 0o644);
      assert.match((await readSecret(file))?.warning ?? '', /mode 0644.*chmod 600/);
      await writeSecret(file, 'three');
      assert.equal((await stat(file)).mode & 0o777, 0o600);
    } finally {
      await rm(home, { recursive: true });
    }
  });
});
