import assert from 'node:assert/strict';
import { startChartwire, type TestHost } from '../support/host.ts';

describe('what the sidebar asks about the broker', function () {
  this.timeout(60_000);
  let host: TestHost;
  before(async () => {
    host = await startChartwire();
  });
  after(() => host?.stop());

  const ask = async (path: string, body?: unknown): Promise<{ status: number; answer: Record<string, unknown> }> => {
    const response = await host.api(`/chartwire/broker/${path}`, body === undefined ? {} : { method: 'POST', body });
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  };

  it('are lists with figures', async () => {
    for (const part of ['clients', 'sessions', 'retained?filter=$SYS/broker/version']) {
      const { status, answer } = await ask(part);
      assert.equal(status, 200);
      assert.deepEqual(Object.keys(answer).sort(), ['counts', 'more', 'rows']);
    }
    const { answer } = await ask('retained?filter=$SYS/broker/version');
    assert.deepEqual((answer['rows'] as object[])[0], {
      topic: '$SYS/broker/version',
      qos: 0,
      from: 'broker',
      bytes: 9,
      text: 'chartwire',
    });
  });

  it('is refused with a reason when it makes no sense', async () => {
    assert.equal((await ask('retained?filter=a%23')).status, 400);
    assert.equal((await ask('kick', {})).status, 400);
    assert.deepEqual((await ask('kick', { clientId: 'nobody' })).answer, { kicked: false });
  });

  it('is nothing for strangers', async () => {
    const response = await fetch(new URL('/chartwire/broker/clients', host.url));
    assert.equal(response.status, 401);
  });
});
