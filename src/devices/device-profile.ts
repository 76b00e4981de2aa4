import type { ProtocolName } from '../endpoint/traits.ts';
import { compileSchema } from '../schema/schema.ts';

export type LinkQuality = 'good' | 'fair' | 'poor';
export type CapabilityClass = 'constrained' | 'standard' | 'rich';
export type PowerSource = 'mains' | 'battery';

/** The device's own way to the network. */
export interface DeviceLink {
  readonly quality: LinkQuality;
  readonly bandwidthKbps: number;
  /** Share of packets that get lost, 0 to 1. */
  readonly lossRatio: number;
  readonly roundTripMs: number;
}

export interface Capability {
  readonly class: CapabilityClass;
  readonly maxPayloadBytes: number;
  readonly memoryKiB: number;
}

/** What a device can do and needs: what *choose* goes by. Travels with the message as `msg.device`. */
export interface DeviceProfile {
  readonly id: string;
  /** The protocols it can speak. */
  readonly protocols: readonly ProtocolName[];
  readonly link: DeviceLink;
  readonly capability: Capability;
  /** A message is of use when it arrives within this time. */
  readonly latencyNeedMs: number;
  /** It takes orders: the far side must be able to send without being asked. */
  readonly wantsPush: boolean;
  readonly powerSource: PowerSource;
}

/** Orders of magnitude: wired or Wi-Fi, LTE, NB-IoT or LoRa backhaul. */
export const typicalLinks: Readonly<Record<LinkQuality, DeviceLink>> = {
  good: { quality: 'good', bandwidthKbps: 50_000, lossRatio: 0.0005, roundTripMs: 8 },
  fair: { quality: 'fair', bandwidthKbps: 2_000, lossRatio: 0.01, roundTripMs: 80 },
  poor: { quality: 'poor', bandwidthKbps: 60, lossRatio: 0.06, roundTripMs: 600 },
};

/** Microcontroller, application processor, small computer. */
export const typicalCapabilities: Readonly<Record<CapabilityClass, Capability>> = {
  constrained: { class: 'constrained', maxPayloadBytes: 1_024, memoryKiB: 256 },
  standard: { class: 'standard', maxPayloadBytes: 65_536, memoryKiB: 16_384 },
  rich: { class: 'rich', maxPayloadBytes: 262_144, memoryKiB: 1_048_576 },
};

/**
 * Reads a profile that came with a message: the id alone or an object in which all but `id` may be absent. Absent: it
 * speaks every protocol, over a good link, standard capability, 1 s latency need, no push, mains.
 */
export function parseDevice(value: unknown): { readonly device: DeviceProfile } | { readonly problem: string } {
  if (value === undefined) return { problem: 'device: no profile' };
  const given = typeof value === 'string' ? { id: value } : value;
  if (!isGiven(given)) return { problem: `device: ${schema.validate(given)}` };
  return {
    device: {
      id: given.id,
      protocols: given.protocols ?? everyProtocol,
      link: { ...typicalLinks[given.link?.quality ?? 'good'], ...given.link },
      capability: { ...typicalCapabilities[given.capability?.class ?? 'standard'], ...given.capability },
      latencyNeedMs: given.latencyNeedMs ?? 1_000,
      wantsPush: given.wantsPush ?? false,
      powerSource: given.powerSource ?? 'mains',
    },
  };
}

type Given = Pick<DeviceProfile, 'id'> &
  Partial<Omit<DeviceProfile, 'link' | 'capability'>> & {
    readonly link?: Partial<DeviceLink>;
    readonly capability?: Partial<Capability>;
  };

const everyProtocol: readonly ProtocolName[] = ['mqtt', 'http2', 'websocket', 'peer'];

const schema = compileSchema({
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string', minLength: 1, maxLength: 128 },
    protocols: { type: 'array', minItems: 1, uniqueItems: true, items: { enum: everyProtocol } },
    link: {
      type: 'object',
      properties: {
        quality: { enum: Object.keys(typicalLinks) },
        bandwidthKbps: { type: 'number', exclusiveMinimum: 0 },
        lossRatio: { type: 'number', minimum: 0, maximum: 1 },
        roundTripMs: { type: 'number', minimum: 0 },
      },
    },
    capability: {
      type: 'object',
      properties: {
        class: { enum: Object.keys(typicalCapabilities) },
        maxPayloadBytes: { type: 'integer', minimum: 1 },
        memoryKiB: { type: 'number', exclusiveMinimum: 0 },
      },
    },
    latencyNeedMs: { type: 'number', exclusiveMinimum: 0 },
    wantsPush: { type: 'boolean' },
    powerSource: { enum: ['mains', 'battery'] },
  },
});

function isGiven(value: unknown): value is Given {
  return schema.validate(value) === undefined;
}
