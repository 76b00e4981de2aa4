import { randomUUID } from 'node:crypto';
import { makeDevices } from '../../src/devices/make-devices.ts';
import { readingProperties, readings } from '../../src/devices/readings.ts';
import { nodeType } from '../adapter/node-type.ts';
import { definition } from './definition.ts';
import { pace } from './pace.ts';

export default nodeType(definition, ({ settings, send, status, signal }) => {
  const { count, rate, seed } = settings;
  const devices = makeDevices({ count, seed });
  const next = readings(devices, seed);
  // Sequences begin anew with each start: without this, the receiver would take the first readings for repeated ones.
  const session = randomUUID();
  let sent = 0;

  const sendReadings = (howMany: number): void => {
    for (let left = howMany; left > 0; left -= 1) {
      const device = devices[sent % devices.length];
      const reading = next.next();
      if (reading.done === true || device === undefined) return;
      sent += 1;
      send({
        topic: `devices/${device.id}/reading`,
        payload: reading.value,
        userProperties: readingProperties(reading.value, session),
        device,
      });
    }
    status('up', `${sent} readings`);
  };

  status('idle', `${count} devices`);
  pace(rate, signal, sendReadings);
  return { press: () => sendReadings(1) };
});
