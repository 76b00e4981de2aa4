import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askControl } from '../../src/control/client.ts';
import { findControlAddress, writeControlAddress } from '../../src/control/control-file.ts';
import { openControl } from '../../src/control/server.ts';
import { Fault } from '../../src/fault.ts';

describe('the control server', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'chartwire-control-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('answers whoever can read the file in the home', async () => {
    await using _control = await openControl(home, { double: (body) => ({ twice: Number(body) * 2 }) });
    assert.deepEqual(await askControl(home, 'double', 21), { twice: 42 });
  });

  it('keeps that file readable only by its owner, and removes it at the end', async () => {
    const control = await openControl(home, {});
    assert.equal((await stat(join(home, 'control.json'))).mode & 0o777, 0o600);
    await control[Symbol.asyncDispose]();
    assert.equal(await findControlAddress(home), undefined);
  });

  it('refuses a wrong token', async () => {
    await using _control = await openControl(home, { status: () => ({}) });
    const address = await findControlAddress(home);
    assert.ok(address);
    await writeControlAddress(home, { ...address, token: 'guessed' });
    await assert.rejects(askControl(home, 'status'), isFault('CONTROL_FAILED', /CONTROL_REFUSED/));
  });

  it('answers a body that is no JSON with what is wrong with it', async () => {
    await using _control = await openControl(home, { status: () => ({}) });
    const { url, token } = (await findControlAddress(home))!;
    const sent = { method: 'POST', headers: { authorization: `Bearer ${token}` } };
    const answer = await fetch(`${url}/status`, { ...sent, body: '{"half' });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /CONTROL_MALFORMED.*not JSON/);
    const tooLarge = await fetch(`${url}/status`, { ...sent, body: ' '.repeat(9 * 1024 * 1024) }).catch(
      () => undefined,
    );
    assert.equal(tooLarge?.status ?? 413, 413);
  });

  it('passes on what an action failed with', async () => {
    await using _control = await openControl(home, {
      fail: () => {
        throw new Fault('QUEUE_FULL', { queue: 'the outbox', limit: 3 });
      },
    });
    await assert.rejects(
      askControl(home, 'fail'),
      isFault('CONTROL_FAILED', /QUEUE_FULL: the outbox holds its limit of 3/),
    );
    await assert.rejects(askControl(home, 'constructor'), isFault('CONTROL_FAILED', /COMMAND_UNKNOWN/));
  });

  it('says that nothing runs when there is no file, and when the process behind it is gone', async () => {
    await assert.rejects(askControl(home, 'status'), isFault('NOT_RUNNING', /no Chartwire runs/));
    await writeControlAddress(home, { pid: 1, url: 'http://127.0.0.1:9', token: 'x' });
    await assert.rejects(askControl(home, 'status'), isFault('NOT_RUNNING', /no Chartwire runs/));
    await writeFile(join(home, 'control.json'), '{}');
    await assert.rejects(askControl(home, 'status'), isFault('NOT_RUNNING', /no Chartwire runs/));
  });
});

function isFault(code: string, text: RegExp) {
  return (error: unknown): boolean => error instanceof Fault && error.code === code && text.test(error.message);
}
