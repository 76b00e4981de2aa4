import type { Branch } from '../../src/choose/branch.ts';
import { mqttTraits } from '../../src/endpoints/mqtt/traits.ts';
import { http2Traits } from '../../src/endpoints/http2/traits.ts';
import type { Traits } from '../../src/endpoint/traits.ts';
import type { MeterReading } from '../../src/metrics/meter.ts';
import type { DeviceProfile } from '../../src/devices/device-profile.ts';
import { parseDevice } from '../../src/devices/device-profile.ts';

const websocketTraits: Traits = {
  protocol: 'websocket',
  push: true,
  ordered: true,
  acknowledged: true,
  offlineQueue: false,
  overheadBytes: 60,
  setupRoundTrips: 3,
};

const labels = { mqtt: 'MQTT', http2: 'HTTP', websocket: 'WebSocket' } as const;
const traits = { mqtt: mqttTraits, http2: http2Traits, websocket: websocketTraits } as const;

export function branch(protocol: keyof typeof labels, figures?: Partial<MeterReading>): Branch {
  const plain = { label: labels[protocol], protocol, traits: traits[protocol] };
  return figures === undefined ? plain : { ...plain, reading: reading(protocol, figures) };
}

/** A link that is up and has carried 1,000 messages in 2 ms each, with these figures changed. */
export function reading(protocol: MeterReading['protocol'], figures: Partial<MeterReading> = {}): MeterReading {
  return {
    id: protocol,
    protocol,
    state: 'up',
    sent: 1_000,
    received: 1_000,
    failed: 0,
    inFlight: 0,
    bytes: 200_000,
    latencyP50Ms: 1,
    latencyP99Ms: 2,
    roundTripMs: 2,
    recent: { sent: 100, failed: 0 },
    ...figures,
  };
}

export const unmeasured: Partial<MeterReading> = {
  sent: 0,
  received: 0,
  bytes: 0,
  latencyP50Ms: 0,
  latencyP99Ms: 0,
  roundTripMs: 0,
  recent: { sent: 0, failed: 0 },
};

export function threeBranches(figures?: Partial<MeterReading>): [Branch, Branch, Branch] {
  return [branch('mqtt', figures), branch('http2', figures), branch('websocket', figures)];
}

export function device(some: Record<string, unknown> = {}): DeviceProfile {
  const parsed = parseDevice({ id: 'device-1', ...some });
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.device;
}
