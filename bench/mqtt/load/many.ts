import { FIRST, publishTemplate, subscribeBytes } from './bytes.ts';
import type { Connection } from './connection.ts';
import { dial } from './dial.ts';

const FILTERS_PER_CONNECTION = 1000;
const FILTERS_PER_PACKET = 100;
const RETAINED_PER_WRITE = 500;

/** Subscribes to so many different filters, each with a wildcard, on a few connections; nothing is ever sent to them. */
export async function subscribeMany(port: number, count: number): Promise<Connection[]> {
  const opened: Connection[] = [];
  for (let done = 0; done < count; done += FILTERS_PER_CONNECTION) {
    const connection = await dial({ port, level: 4, clientId: `many-${done}` });
    const size = Math.min(FILTERS_PER_CONNECTION, count - done);
    const filters = Array.from({ length: size }, (_, index) => `site/${done + index}/+/state/#`);
    for (let at = 0; at < size; at += FILTERS_PER_PACKET) {
      await exchange(connection, FIRST.suback, subscribeBytes(4, 1, filters.slice(at, at + FILTERS_PER_PACKET), 0));
    }
    opened.push(connection);
  }
  return opened;
}

/** Publishes so many retained messages of 16 B, each on a topic of its own, and waits until the broker has them all. */
export async function retainMany(port: number, count: number): Promise<void> {
  const connection = await dial({ port, level: 4, clientId: 'retainer' });
  const payload = Buffer.alloc(16, 'chartwire');
  for (let done = 0; done < count; done += RETAINED_PER_WRITE) {
    const packets = Array.from({ length: Math.min(RETAINED_PER_WRITE, count - done) }, (_, index) => {
      const topic = `site/${Math.floor((done + index) / 1000)}/sensor/${done + index}`;
      return publishTemplate({ level: 4, topic, payload, qos: 1, retain: true }).bytes;
    });
    await acknowledged(connection, packets);
  }
  connection.socket.destroy();
}

async function acknowledged(connection: Connection, packets: readonly Buffer[]): Promise<void> {
  for (const [index, packet] of packets.entries()) {
    const idAt = packet.length - 16 - 2;
    packet.writeUInt16BE(index + 1, idAt);
  }
  let left = packets.length;
  await new Promise<void>((resolve, reject) => {
    connection.socket.once('close', reject);
    connection.events = {
      ...connection.events,
      acknowledged: (count) => {
        left -= count;
        if (left === 0) resolve();
      },
    };
    connection.socket.write(Buffer.concat(packets));
  });
  connection.socket.removeAllListeners('close');
}

async function exchange(connection: Connection, answer: number, packet: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    connection.socket.once('close', reject);
    connection.events = {
      ...connection.events,
      other: (first) => {
        if (first === answer) resolve();
      },
    };
    connection.socket.write(packet);
  });
  connection.socket.removeAllListeners('close');
}
