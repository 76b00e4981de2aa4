import type { ProtocolName } from '../endpoint/traits.ts';
import {
  typicalCapabilities,
  typicalLinks,
  type CapabilityClass,
  type DeviceLink,
  type DeviceProfile,
  type LinkQuality,
  type PowerSource,
} from './device-profile.ts';
import { between, createRandom, pick, type Random } from './random.ts';

export interface DeviceMix {
  /** How many, 0 to 10,000. */
  readonly count: number;
  /** The same seed gives the same devices. */
  readonly seed: number;
}

/**
 * Makes simulated devices: battery sensors far away (MQTT suits them), meters that only report (HTTP/2) and machines
 * that take orders at once (WebSocket). Each speaks two protocols at least, so one branch may fail. Throws RangeError
 * for a count out of range.
 */
export function makeDevices({ count, seed }: DeviceMix): DeviceProfile[] {
  if (!Number.isInteger(count) || count < 0 || count > 10_000)
    throw new RangeError(`${count} devices: expected 0 to 10,000`);
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    // Kinds and protocols in turn, not by chance: three devices show all three branches.
    const kind = kinds[index % kinds.length] ?? kinds[0];
    const turn = Math.floor(index / kinds.length);
    return {
      id: `${kind.name}-${turn + 1}`,
      protocols: kind.protocols[turn % kind.protocols.length] ?? kind.protocols[0],
      link: linkOf(random, pick(random, kind.links).quality),
      capability: typicalCapabilities[kind.capability],
      latencyNeedMs: Math.round(between(random, ...kind.latencyNeedMs)),
      wantsPush: kind.wantsPush,
      powerSource: kind.powerSource,
    };
  });
}

interface Kind {
  readonly name: string;
  readonly protocols: readonly [readonly ProtocolName[], ...(readonly ProtocolName[])[]];
  readonly links: readonly { readonly quality: LinkQuality; readonly weight: number }[];
  readonly capability: CapabilityClass;
  readonly latencyNeedMs: readonly [from: number, to: number];
  readonly wantsPush: boolean;
  readonly powerSource: PowerSource;
}

const kinds: readonly [Kind, ...Kind[]] = [
  {
    name: 'sensor',
    protocols: [
      ['mqtt', 'http2'],
      ['mqtt', 'websocket'],
    ],
    links: [
      { quality: 'poor', weight: 3 },
      { quality: 'fair', weight: 1 },
    ],
    capability: 'constrained',
    latencyNeedMs: [5_000, 60_000],
    wantsPush: false,
    powerSource: 'battery',
  },
  {
    name: 'meter',
    protocols: [
      ['http2', 'mqtt'],
      ['http2', 'websocket'],
      ['mqtt', 'http2', 'websocket'],
    ],
    links: [
      { quality: 'good', weight: 4 },
      { quality: 'fair', weight: 1 },
    ],
    capability: 'standard',
    latencyNeedMs: [1_000, 5_000],
    wantsPush: false,
    powerSource: 'mains',
  },
  {
    name: 'machine',
    protocols: [
      ['websocket', 'http2'],
      ['mqtt', 'http2', 'websocket'],
    ],
    links: [{ quality: 'good', weight: 1 }],
    capability: 'rich',
    latencyNeedMs: [10, 50],
    wantsPush: true,
    powerSource: 'mains',
  },
];

/** No two links are alike: each figure lies within a quarter of the typical one. */
function linkOf(random: Random, quality: LinkQuality): DeviceLink {
  const typical = typicalLinks[quality];
  const vary = (figure: number) => figure * between(random, 0.75, 1.25);
  return {
    quality,
    bandwidthKbps: Math.round(vary(typical.bandwidthKbps)),
    lossRatio: Number(vary(typical.lossRatio).toFixed(5)),
    roundTripMs: Number(vary(typical.roundTripMs).toFixed(1)),
  };
}
