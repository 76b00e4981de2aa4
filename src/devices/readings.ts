import type { DeviceProfile } from './device-profile.ts';
import { between, createRandom, type Random } from './random.ts';

/** One measurement of a simulated device. */
export interface DeviceReading {
  readonly device: string;
  /** Counts up by one per device, from 0. */
  readonly sequence: number;
  /** RFC 3339, to the millisecond. */
  readonly measuredAt: string;
  readonly temperatureC: number;
  readonly humidityPercent: number;
  /** Of battery devices only. */
  readonly batteryV?: number;
}

/** What a valid reading looks like, in JSON Schema. */
export const readingSchema = {
  type: 'object',
  required: ['device', 'sequence', 'measuredAt', 'temperatureC', 'humidityPercent'],
  additionalProperties: false,
  properties: {
    device: { type: 'string', minLength: 1, maxLength: 128 },
    sequence: { type: 'integer', minimum: 0 },
    measuredAt: { type: 'string', format: 'date-time' },
    temperatureC: { type: 'number', minimum: -40, maximum: 85 },
    humidityPercent: { type: 'number', minimum: 0, maximum: 100 },
    batteryV: { type: 'number', minimum: 0, maximum: 24 },
  },
} as const;

/**
 * Gives a reading of each device in turn, without end: smooth random walks, the same for the same devices and seed.
 * `now` is the clock in ms since 1970. Ends at once without devices.
 */
export function* readings(
  devices: readonly DeviceProfile[],
  seed: number,
  now: () => number = Date.now,
): Generator<DeviceReading, void> {
  const random = createRandom(seed);
  const walks = devices.map((device) => createWalk(device, random));
  for (let sequence = 0; walks.length > 0; sequence += 1) {
    for (const walk of walks) yield walk(sequence, now());
  }
}

/** The user properties that tell one reading from another, for de-duplication. `session`: new at each start of the devices. */
export function readingProperties({ device, sequence }: DeviceReading, session: string): Record<string, string> {
  return { device, sequence: String(sequence), session };
}

const FULL_BATTERY_V = 4.2;
const EMPTY_BATTERY_V = 3;

function createWalk(device: DeviceProfile, random: Random): (sequence: number, nowMs: number) => DeviceReading {
  const usualC = between(random, 12, 28);
  const usualPercent = between(random, 35, 65);
  let temperatureC = usualC;
  let humidityPercent = usualPercent;
  let batteryV = between(random, 3.6, FULL_BATTERY_V);
  return (sequence, nowMs) => {
    temperatureC = step(random, temperatureC, usualC, 0.2);
    humidityPercent = step(random, humidityPercent, usualPercent, 0.5);
    batteryV = Math.max(EMPTY_BATTERY_V, batteryV - between(random, 0, 0.0001));
    const reading = {
      device: device.id,
      sequence,
      measuredAt: new Date(nowMs).toISOString(),
      temperatureC: Number(temperatureC.toFixed(2)),
      humidityPercent: Number(humidityPercent.toFixed(1)),
    };
    return device.powerSource === 'battery' ? { ...reading, batteryV: Number(batteryV.toFixed(3)) } : reading;
  };
}

/** A step of at most `most`, drawn gently back to the usual figure: it wanders, but stays within 10 steps of it or so. */
function step(random: Random, value: number, usual: number, most: number): number {
  const chance = between(random, -most, most);
  return 0.99 * (value + chance - usual) + usual;
}
