import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'mocha';
import { leastReferencedBytes, WriteBatch } from '../../src/wire/write-batch.ts';

describe('write batch', () => {
  it('gives each buffer back once, when what was in it has left in its order', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [far] = (await once(server, 'connection')) as [NodeJS.ReadableStream];
    const received = buffer(far);
    const batch = new WriteBatch(socket);
    const given: Buffer[] = [];
    let released = 0;
    /** Whoever gets a buffer back writes something else into it. */
    const add = (bytes: Buffer): void => {
      given.push(Buffer.from(bytes));
      batch.add(bytes, () => {
        released += 1;
        bytes.fill(0xff);
      });
    };
    const put = (text: string): void => {
      given.push(Buffer.from(text));
      batch.room(text.length);
      batch.at += batch.bytes.write(text, batch.at);
    };
    const sizes = [3, leastReferencedBytes, 5, leastReferencedBytes * 40, leastReferencedBytes + 1];
    for (const round of [1, 2, 3]) {
      for (const [index, size] of sizes.entries()) {
        add(Buffer.alloc(size, round * 10 + index));
        if (round > 1) put(`between ${index}`);
        if (round === 3) batch.flush();
      }
      add(Buffer.alloc(leastReferencedBytes, round));
      batch.flush();
    }
    socket.end();
    assert.ok((await received).equals(Buffer.concat(given)));
    await once(socket, 'close');
    assert.equal(released, 3 * (sizes.length + 1));
    server.close();
  });
});
