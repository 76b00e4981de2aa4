import { createBranchWindow, type BranchReading, type Sample } from '../../src/metrics/branch-window.ts';
import { isRecord } from '../../src/is-record.ts';
import { nodeType } from '../adapter/node-type.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { definition } from './definition.ts';

const NAMES = { mqtt: 'MQTT', http2: 'HTTP/2', websocket: 'WebSocket', peer: 'Peer' } as const;

export default nodeType(definition, ({ settings, send, status, every }) => {
  const window = createBranchWindow({ windowMs: settings.windowS * 1000 });
  status('idle', 'no messages yet');
  every(settings.everyS * 1000, () => {
    const figures = window.read();
    if (figures.length === 0) return;
    status(figures.some(({ lost }) => lost > 0) ? 'waiting' : 'up', statusOf(figures));
    send([null, { topic: 'figures', payload: figures }]);
  });
  return {
    input(message, pass) {
      window.take(sampleOf(message));
      pass([message, null]);
    },
  };
});

/** What comes from outside may hold anything in these places. */
function sampleOf({ carried, userProperties }: FlowMessage): Sample {
  const properties: Partial<Record<string, unknown>> =
    typeof userProperties === 'object' && userProperties !== null ? { ...userProperties } : {};
  const { device, session } = properties;
  const sequence = Number(properties['sequence']);
  const { protocol, bytes, latencyMs }: Partial<Record<string, unknown>> = isRecord(carried) ? { ...carried } : {};
  return {
    branch: isProtocol(protocol) ? NAMES[protocol] : 'other',
    bytes: isAmount(bytes) ? bytes : 0,
    ...(isAmount(latencyMs) && { latencyMs }),
    ...(typeof device === 'string' && Number.isSafeInteger(sequence) && { device, sequence }),
    ...(typeof session === 'string' && { session }),
  };
}

function isProtocol(value: unknown): value is keyof typeof NAMES {
  return typeof value === 'string' && Object.hasOwn(NAMES, value);
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** All branches together, and the slowest by name: the figures of each leave by the second output. */
function statusOf(figures: readonly BranchReading[]): string {
  const rate = figures.reduce((sum, { perSecond }) => sum + perSecond, 0);
  const lost = figures.reduce((sum, branch) => sum + branch.lost, 0);
  const [slowest] = figures.toSorted((a, b) => b.latencyP99Ms - a.latencyP99Ms);
  const parts = [`${rate.toFixed(1)}/s`];
  if (slowest !== undefined) parts.push(`p99 ${slowest.latencyP99Ms.toFixed(1)} ms (${slowest.branch})`);
  parts.push(`${lost} lost`);
  return parts.join(', ');
}
