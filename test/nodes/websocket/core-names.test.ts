import assert from 'node:assert/strict';
import { definition as inDefinition } from '../../../nodes/websocket/in/definition.ts';
import { definition as linkDefinition } from '../../../nodes/websocket/link/definition.ts';
import { definition as outDefinition } from '../../../nodes/websocket/out/definition.ts';
import { settingsProblems } from '../../../src/spec/definition.ts';
import { readSettings } from '../../../src/spec/settings.ts';

describe('settings of the core WebSocket nodes', () => {
  it('are understood when the types are changed', () => {
    const client = { path: 'wss://far.example/feed', wholemsg: 'true', hb: '30', subprotocol: 'chat', headers: [] };
    const link = readSettings(linkDefinition, client);
    assert.deepEqual(settingsProblems(linkDefinition, link), []);
    const { url, wholemsg, keepAliveMs, subprotocol } = link;
    assert.deepEqual([url, wholemsg, keepAliveMs, subprotocol], ['wss://far.example/feed', 'true', 30_000, 'chat']);
    const sides = [
      (stored: Record<string, unknown>) => readSettings(inDefinition, stored),
      (stored: Record<string, unknown>) => readSettings(outDefinition, stored),
    ];
    for (const read of sides) {
      const at = (stored: Record<string, unknown>): string[] => [read(stored).listener, read(stored).link];
      assert.deepEqual(at({ server: 'config', client: '' }), ['config', '']);
      assert.deepEqual(at({ server: '', client: 'config' }), ['', 'config']);
      assert.deepEqual(at({ listener: 'a', link: '' }), ['a', '']);
    }
  });

  it('of ours from before go on to mean what they meant', () => {
    assert.equal(readSettings(linkDefinition, { url: '', path: '/a', plain: true }).wholemsg, 'false');
    const { wholemsg, path } = readSettings(linkDefinition, { url: '', path: '/a', plain: false });
    assert.deepEqual([wholemsg, path], ['frames', '/a']);
  });
});
