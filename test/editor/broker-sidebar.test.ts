import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { openEditor, until } from '../support/browser.ts';
import { startChartwire, type TestHost } from '../support/host.ts';

describe('the broker tab of the sidebar', function () {
  this.timeout(120_000);
  let host: TestHost;
  before(async () => {
    host = await startChartwire();
  });
  after(() => host?.stop());

  it('lists clients, sessions and retained messages while it is seen, and asks for nothing else', async () => {
    await using editor = await openEditor(host);
    const { page } = editor;
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.includes('/chartwire/broker/')) asked.push(pathname.split('/').at(-1)!);
    });
    await page.evaluate(`RED.sidebar.show('chartwire-broker')`);
    await until(page, `document.querySelector('.chartwire-broker-figures')?.textContent.includes('published')`);
    for (const [button, part] of [
      [3, 'retained'],
      [2, 'sessions'],
    ] as const) {
      const answered = page.waitForResponse((response) => response.url().includes(`/chartwire/broker/${part}`));
      await page.click(`.chartwire-broker button:nth-child(${button})`);
      await answered;
    }
    const pressed = await page.getAttribute('.chartwire-broker button:nth-child(2)', 'aria-pressed');
    assert.equal(pressed, 'true');
    await editor.screenshot('broker-sidebar');
    await page.evaluate(`RED.sidebar.show('info')`);
    await until(page, `!document.querySelector('.chartwire-broker').checkVisibility()`);
    const seen = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    assert.ok(asked.length - seen <= 1, 'it goes on asking though nobody looks');
    assert.deepEqual([...new Set(asked)].sort(), ['clients', 'retained', 'sessions']);
  });

  it('shows who is there, what is kept and what is retained as it changes, and ends a connection', async () => {
    const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${host.tlsPort}`, {
      ca: readFileSync(join(host.home, 'certificates', 'ca.crt')),
      protocolVersion: 5,
      clientId: '<b>meter</b>',
      clean: false,
      reconnectPeriod: 0,
      properties: { sessionExpiryInterval: 600 },
    });
    const filters = Array.from({ length: 120 }, (_, index) => `meters/${index}`);
    await client.subscribeAsync(filters, { qos: 1 });
    await using editor = await openEditor(host);
    const { page } = editor;
    const row = (name: string): string =>
      `[...document.querySelectorAll('.chartwire-broker li')].find((line) => line.textContent.includes(${JSON.stringify(name)}))`;
    await page.evaluate(`RED.sidebar.show('chartwire-broker')`);
    await until(page, `${row('<b>meter</b>')}?.textContent.includes('MQTT 5, since')`);
    await until(page, `${row('<b>meter</b>')}.textContent.includes('120 subscriptions')`);
    assert.match(String(await page.evaluate(`${row('<b>meter</b>')}.title`)), /^meters\/0\nmeters\/1\n[^]*\n…$/);

    await page.click('.chartwire-broker button:nth-child(3)');
    await client.publishAsync('kept/1', 'x'.repeat(7), { qos: 1, retain: true });
    await until(page, `${row('kept/1')}?.textContent.includes('7 bytes')`);
    await client.publishAsync('kept/1', '', { qos: 1, retain: true });
    await until(page, `${row('kept/1')} === undefined`);

    await page.click('.chartwire-broker button:nth-child(1)');
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    const told = new Promise<number | undefined>((resolve) =>
      client.once('disconnect', ({ reasonCode }) => resolve(reasonCode)),
    );
    await until(page, `${row('<b>meter</b>')} !== undefined`);
    await page.evaluate(`${row('<b>meter</b>')}.querySelector('button').click()`);
    assert.equal(await told, 0x98);
    await closed;
    await until(page, `${row('<b>meter</b>')} === undefined`);
    await page.click('.chartwire-broker button:nth-child(2)');
    await until(page, `${row('<b>meter</b>')}?.textContent.includes('away since')`);
    await client.endAsync(true);
  });
});
