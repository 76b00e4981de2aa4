import { readFile } from 'node:fs/promises';
import type { Bench, CaseResult } from '../bench.ts';
import { startBroker } from './broker.ts';
import { duel } from './duel.ts';
import { makeIdentities } from './identities.ts';
import type { ProtocolName } from '../../src/endpoint/traits.ts';

interface Case {
  readonly protocol: ProtocolName;
  readonly what: string;
  readonly against: () => Promise<string>;
  readonly goal: number;
}

/** The goals say what the contract (reconnecting, limits, readers, back-pressure) may cost at most. */
const cases: readonly Case[] = [
  { protocol: 'mqtt', what: 'MQTT QoS 1, 100 B', against: async () => `mqtt ${await versionOf('mqtt')}`, goal: 0.8 },
  { protocol: 'http2', what: 'HTTP/2 POST, 100 B', against: nodeHttp2, goal: 0.8 },
  { protocol: 'websocket', what: 'WebSocket, 100 B', against: async () => `ws ${await versionOf('ws')}`, goal: 0.8 },
  { protocol: 'peer', what: 'peer link, 100 B', against: nodeTls, goal: 0.5 },
];

export const bench: Bench = {
  about: 'each endpoint against its bare library: acknowledged messages over TLS on loopback, 64 under way',
  async *run({ quick }): AsyncIterable<CaseResult> {
    const identities = await makeIdentities();
    await using broker = await startBroker(identities);
    for (const { protocol, what, against, goal } of cases) {
      const settings = { protocol, identities, brokerUrl: broker.url };
      const rounds = quick ? { count: 7, sliceMs: 300 } : { count: 15, sliceMs: 1000 };
      const figures = await duel(settings, rounds);
      const peerName = await against();
      yield { case: what, ...figures, peerName, unit: 'msg/s', goal, met: figures.ratio >= goal };
    }
  },
};

async function versionOf(library: string): Promise<string> {
  const text = await readFile(new URL(`../../node_modules/${library}/package.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function nodeHttp2(): Promise<string> {
  return await Promise.resolve(`node:http2 ${process.version}`);
}

async function nodeTls(): Promise<string> {
  return await Promise.resolve(`node:tls lines ${process.version}`);
}
