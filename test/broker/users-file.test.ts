import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { covers } from '../../src/broker/covers.ts';
import { openUsers } from '../../src/broker/users-file.ts';
import { isFault } from '../../src/fault.ts';
import { hashPassword } from '../../src/security/password.ts';
import { brokerWorld, hear } from './broker-world.ts';

describe('A users file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chartwire-users-'));
    file = join(folder, 'users.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lets users in by password, under an identity of their own, within their rights', async () => {
    const password = await hashPassword('a long secret 12');
    const meter = { name: 'meter', password, publish: ['plant/+/reading'], subscribe: ['plant/1/#'] };
    writeFileSync(file, JSON.stringify([meter, { name: 'chartwire-controller', password }]));
    await using world = await brokerWorld(await openUsers(file));
    assert.equal((await world.refused()).code, 0x87);
    assert.equal((await world.refused({ username: 'meter', password: 'wrong' })).code, 0x86);
    assert.equal((await world.refused({ username: 'nobody', password: 'a long secret 12' })).code, 0x86);
    for (const _ of ['first', 'remembered']) {
      const client = await world.connect({ clientId: 'm', username: 'meter', password: 'a long secret 12' });
      assert.equal(world.broker.clients.get('m')?.identity, 'user:meter');
      await client.publishAsync('plant/1/reading', 'x', { qos: 1 });
      await assert.rejects(client.publishAsync('plant/1/order', 'x', { qos: 1 }), { code: 0x87 });
      await client.subscribeAsync('plant/1/order');
      await assert.rejects(client.subscribeAsync('plant/#'));
    }
    await world.connect({ clientId: 'c', username: 'chartwire-controller', password: 'a long secret 12' });
    assert.equal(world.broker.clients.get('c')?.identity, 'user:chartwire-controller');
  });

  it('lets nobody in without a name, unless it says what they may do; and takes away what is never allowed', async () => {
    const rights = { publish: ['open/#'], neverPublish: ['open/not'], neverSubscribe: ['secret/#'] };
    writeFileSync(file, JSON.stringify([{ anonymous: true, ...rights }]));
    await using world = await brokerWorld(await openUsers(file));
    const client = await world.connect();
    await client.subscribeAsync('#');
    await assert.rejects(client.subscribeAsync('secret/+'), /Not authorized/);
    await client.publishAsync('open/yes', 'x', { qos: 1 });
    await assert.rejects(client.publishAsync('open/not', 'x', { qos: 1 }), { code: 0x87 });
    await assert.rejects(client.publishAsync('else', 'x', { qos: 1 }), { code: 0x87 });
    const heard = hear(client, 1);
    await world.broker.publish({ topic: 'secret/1', payload: Buffer.from('never') });
    await world.broker.publish({ topic: 'open/2', payload: Buffer.from('heard') });
    assert.equal((await heard)[0]?.text, 'heard', 'what it may not read is left out of a wider subscription');
  });

  for (const [what, content, code] of [
    ['has a right that is no list', '[{"anonymous":true,"neverPublish":"a"}]', 'SETTINGS_INVALID'],
    ['has a user who cannot log in', '[{"name":"a"}]', 'SETTINGS_INVALID'],
    ['has a scram nobody printed', '[{"name":"a","scram":"SCRAM-SHA-256$1:a$b:c"}]', 'SETTINGS_INVALID'],
    ['is no JSON', '{', 'SETTINGS_INVALID'],
    ['is no list', '{}', 'SETTINGS_INVALID'],
    ['has a user without name', '[{}]', 'SETTINGS_INVALID'],
    ['has a password in clear', '[{"name":"a","password":"secret"}]', 'SETTINGS_INVALID'],
  ] as const) {
    it(`that ${what} is refused`, async () => {
      writeFileSync(file, content);
      await assert.rejects(openUsers(file), (error) => isFault(error) && error.code === code);
    });
  }
});

describe('A topic filter covers another', () => {
  for (const [allowed, asked, expected] of [
    ['#', 'a/b', true],
    ['#', '#', true],
    ['#', '$SYS/x', false],
    ['+/b', '$SYS/b', false],
    ['$SYS/#', '$SYS/x', true],
    ['a/#', 'a', true],
    ['a/#', 'a/+/c', true],
    ['a/+', 'a/#', false],
    ['a/+', 'a/+', true],
    ['a/b', 'a/+', false],
    ['a/+/c', 'a/b/c', true],
    ['a/+/c', 'a/b', false],
    ['a', 'a/b', false],
  ] as const) {
    it(`${allowed} ${expected ? 'covers' : 'does not cover'} ${asked}`, () =>
      assert.equal(covers(allowed, asked), expected));
  }
});
