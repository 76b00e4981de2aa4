import { setTimeout as pause } from 'node:timers/promises';
import type { CaseLine } from '../bench.ts';
import { lessIsBetter } from '../mqtt/compare.ts';
import { residentBytes } from '../mqtt/cpu.ts';
import { PATHS } from './flows.ts';
import type { Question } from './load/questions.ts';
import { coreSide, handSide, ourSide, type Side } from './sides/side.ts';

type Ask = (question: Question) => Promise<unknown>;

const SETTLE_MS = 1_000;
const KIB = 1_024;
const MIB = 1_048_576;
/** What an idle connection may take, in KiB. */
const IDLE_GOAL_KIB = 12;
const BROADCASTS = 20_000;
const BROADCAST_BYTES = 10_000;
/** What may wait for one, with what the process itself breathes. */
const STALL_LIMIT_MIB = 20;

/** What connections cost that do nothing, and one that reads nothing while much is sent to everybody. */
export async function* memoryCases(ask: Ask, quick: boolean): AsyncIterable<CaseLine> {
  const connections = quick ? 2_000 : 10_000;
  const idle = { ours: await idleKib(ask, () => ourSide(true), connections), core: 0, hand: 0 };
  idle.core = await idleKib(ask, coreSide, connections);
  idle.hand = await idleKib(ask, handSide, connections);
  const what = `each of ${connections} idle connections`;
  const unit = 'KiB';
  yield {
    ...lessIsBetter({ case: what, ours: idle.ours, peer: IDLE_GOAL_KIB, peerName: 'our own limit', unit, goal: 1 }),
  };
  yield lessIsBetter({ case: what, ours: idle.ours, peer: idle.core, peerName: 'core nodes', unit, goal: 0 });
  yield lessIsBetter({ case: what, ours: idle.ours, peer: idle.hand, peerName: 'ws by hand', unit, goal: 0 });
  if (quick) return;
  const stalled = { ours: await stalledMib(ask, () => ourSide(true)), core: await stalledMib(ask, coreSide) };
  const case_ = `one stalled client, ${BROADCASTS} x ${BROADCAST_BYTES} B to all: growth`;
  yield lessIsBetter({
    case: case_,
    ours: stalled.ours,
    peer: STALL_LIMIT_MIB,
    peerName: 'our own limit',
    unit: 'MiB',
    goal: 1,
  });
  yield lessIsBetter({
    case: case_,
    ours: stalled.ours,
    peer: stalled.core,
    peerName: 'core nodes',
    unit: 'MiB',
    goal: 1,
  });
}

async function idleKib(ask: Ask, start: () => Promise<Side>, connections: number): Promise<number> {
  await using side = await start();
  const { pid, port } = side;
  // What grows once with the first connections is not theirs.
  await ask({ do: 'idle', port, path: PATHS.echo, connections: 500 });
  await pause(SETTLE_MS);
  const before = residentBytes(pid);
  await ask({ do: 'idle', port, path: PATHS.echo, connections });
  await pause(SETTLE_MS);
  const each = (residentBytes(pid) - before) / connections / KIB;
  await ask({ do: 'leave' });
  return each;
}

async function stalledMib(ask: Ask, start: () => Promise<Side>): Promise<number> {
  await using side = await start();
  const { pid, port } = side;
  const key = 'stall';
  const form = { path: PATHS.all, connections: 1, payloadBytes: BROADCAST_BYTES, window: 64, toAll: true };
  await ask({ do: 'dial', key, port, ...form });
  await ask({ do: 'run', key, forMs: 2_000 });
  const before = residentBytes(pid);
  await ask({ do: 'stall', port, path: PATHS.all });
  let sent = 0;
  while (sent < BROADCASTS) sent += ((await ask({ do: 'run', key, forMs: 500 })) as { messages: number }).messages;
  const grown = (residentBytes(pid) - before) / MIB;
  await ask({ do: 'hangUp', key });
  return grown;
}
