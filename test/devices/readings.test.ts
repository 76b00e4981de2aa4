import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { makeDevices } from '../../src/devices/make-devices.ts';
import { readingProperties, readings, readingSchema, type DeviceReading } from '../../src/devices/readings.ts';
import { compileSchema } from '../../src/schema/schema.ts';

function first(howMany: number, seed: number, count = 3): DeviceReading[] {
  let at = Date.UTC(2026, 0, 1);
  const all: DeviceReading[] = [];
  for (const reading of readings(makeDevices({ count, seed }), seed, () => (at += 1_000))) {
    if (all.push(reading) === howMany) break;
  }
  return all;
}

describe('readings of simulated devices', () => {
  it('are the same for the same seed', () => assert.deepEqual(first(30, 5), first(30, 5)));

  it('come from each device in turn, numbered by device, at the time they are taken', () => {
    const [one, , , again] = first(4, 1);
    assert.ok(one !== undefined && again !== undefined);
    assert.deepEqual([one.device, one.sequence, one.measuredAt], ['sensor-1', 0, '2026-01-01T00:00:01.000Z']);
    assert.deepEqual([again.device, again.sequence], ['sensor-1', 1]);
    assert.deepEqual(readingProperties(again, 'boot'), { device: 'sensor-1', sequence: '1', session: 'boot' });
  });

  it('end at once without devices', () => assert.deepEqual(first(5, 1, 0), []));

  it('are valid by their own schema and walk in small steps', () => {
    const schema = compileSchema(readingSchema);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const last = new Map<string, DeviceReading>();
        for (const reading of first(300, seed)) {
          assert.equal(schema.validate(reading), undefined);
          const before = last.get(reading.device) ?? reading;
          assert.ok(Math.abs(reading.temperatureC - before.temperatureC) < 0.5);
          assert.ok(Math.abs(reading.humidityPercent - before.humidityPercent) < 1.5);
          assert.ok((reading.batteryV ?? 0) <= (before.batteryV ?? 0));
          last.set(reading.device, reading);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('stay plausible in the long run', () => {
    const schema = compileSchema(readingSchema);
    for (const reading of first(60_000, 3, 1)) assert.equal(schema.validate(reading), undefined);
  });

  it('tell the battery of battery devices only', () => {
    assert.deepEqual(
      first(3, 1).map(({ batteryV }) => batteryV !== undefined),
      [true, false, false],
    );
  });
});
