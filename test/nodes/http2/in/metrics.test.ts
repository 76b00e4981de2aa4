import assert from 'node:assert/strict';
import { openAsker } from '../../../http/ask.ts';
import { startNodeRed, tab } from '../../../support/node-red.ts';
import { request, response } from '../flow-nodes.ts';

interface Line {
  readonly event?: string;
  readonly msgid?: string;
  readonly value?: number;
}

describe('http2 in where metrics are collected', () => {
  it('tells time and length of each answer, as the core node does', async () => {
    const lines: Line[] = [];
    const both = Promise.withResolvers<void>();
    const handler = () => (line: Line) => {
      if (line.event?.startsWith('node.chartwire-http2-in.response') !== true) return;
      lines.push(line);
      if (lines.length === 2) both.resolve();
    };
    const logging = { console: { level: 'off' }, test: { level: 'off', metrics: true, audit: false, handler } };
    await using nodeRed = await startNodeRed({ settings: { logging } });
    await nodeRed.deploy([tab, request('in', { method: 'post', url: '/measured' }, 'out'), response('out')]);
    const { door, identity } = nodeRed.services;
    await using asker = await openAsker(`https://127.0.0.1:${door.port}`, identity);
    assert.equal((await asker.http2('/measured', { method: 'POST', body: 'hello' })).text, 'hello');
    await both.promise;
    const [time, length] = lines;
    assert.equal(time?.event, 'node.chartwire-http2-in.response.time.millis');
    assert.ok(time.value! >= 0);
    assert.equal(length?.event, 'node.chartwire-http2-in.response.content-length.bytes');
    assert.equal(length.value, 5);
    assert.equal(length.msgid, time.msgid);
  });
});
