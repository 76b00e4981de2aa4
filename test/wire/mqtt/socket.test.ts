import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, it } from 'mocha';
import { PacketWriter } from '../../../src/wire/mqtt/index.ts';
import { collector, connackBytes, type Publish } from './collect.ts';

describe('MQTT over a socket', () => {
  it('arrives whole and in order, however slowly the far side reads', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const far = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [socket] = (await once(server, 'connection')) as [Socket];
    const { decoder, packets } = collector({ side: 'client', level: 4 });
    decoder.push(connackBytes[4]);
    packets.length = 0;
    far.on('data', (chunk) => {
      assert.equal(decoder.push(chunk), undefined);
      far.pause();
      setImmediate(() => far.resume());
    });

    const writer = new PacketWriter(socket, { level: 4 });
    const count = 5000;
    for (let index = 0; index < count; index += 1) {
      writer.publish(`t/${index}`, payloadOf(index), 1, false, 1 + index);
      if (index % 50 !== 0) continue;
      await new Promise(setImmediate);
      if (socket.writableNeedDrain) await once(socket, 'drain');
    }
    writer.flush();
    socket.end();
    await once(far, 'end');
    server.close();

    assert.equal(packets.length, count);
    for (const [index, packet] of (packets as Publish[]).entries()) {
      assert.equal(packet.topic, `t/${index}`);
      assert.ok(packet.payload.equals(payloadOf(index)));
    }
  });

  it('does no harm when the socket is gone', async () => {
    const server = createServer((socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'close');
    const writer = new PacketWriter(socket, { level: 4 });
    for (let index = 0; index < 1000; index += 1) writer.publish('a', Buffer.alloc(1000), 0, false);
    writer.flush();
    assert.equal(writer.pendingBytes, 0);
    server.close();
  });
});

/** From nothing to 40 KB, so that every way to write is taken. */
function payloadOf(index: number): Buffer {
  return Buffer.alloc(index % 97 === 0 ? 40_000 : index % 300, index);
}
