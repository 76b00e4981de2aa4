import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { http2Endpoint } from '../../../src/endpoints/http2/index.ts';
import { openTestDoor, testIdentities } from '../../front-door/test-door.ts';

/** What TLS 1.3 adds to each record (RFC 8446, 5.2): header, type and tag. */
const TLS_RECORD_BYTES = 22;

describe('the traits of an HTTP/2 link', () => {
  it('are what it takes: round trips until the first message is on its way, bytes beside its payload', async () => {
    const { client } = await testIdentities();
    const door = await openTestDoor();
    const listener = await http2Endpoint.listen({ door, path: '/ingest' });
    const flights: { readonly up: boolean; bytes: number }[] = [];
    const note = (up: boolean, bytes: number): void => {
      const last = flights.at(-1);
      if (last?.up === up) last.bytes += bytes;
      else flights.push({ up, bytes });
    };
    const sockets = new Set<Socket>();
    // What comes from the far side takes its time: whoever waits for it sends later.
    let delayMs = 300;
    const relay = createServer((near) => {
      const far = connect(door.port, '127.0.0.1');
      for (const [from, to, up] of [
        [near, far, true],
        [far, near, false],
      ] as const) {
        sockets.add(from);
        from.on('data', (bytes: Buffer) => {
          const pass = (): void => {
            note(up, bytes.length);
            to.write(bytes);
          };
          if (up || delayMs === 0) pass();
          else setTimeout(pass, delayMs);
        });
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
      }
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const payload = Buffer.alloc(20_000);
    const { port } = relay.address() as AddressInfo;
    const link = http2Endpoint.connect({ url: `https://127.0.0.1:${port}/ingest`, tls: client });
    const message = {
      topic: 'plant/line/1',
      contentType: 'application/json',
      properties: { 'sent-at': '1700000000000.123' },
    };
    await link.send({ ...message, payload });
    // Each flight of the far side before more than a handshake has left is a round trip, and TCP takes one of its own.
    let left = 0;
    const first = flights.findIndex(({ up, bytes }) => up && (left += bytes) > payload.length / 2);
    assert.ok(first > 0);
    const roundTrips = 1 + flights.slice(0, first).filter(({ up }) => !up).length;
    assert.equal(roundTrips, http2Endpoint.traits.setupRoundTrips);

    await link.ready();
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    delayMs = 0;
    const count = 50;
    const sentBytes = (): number => flights.reduce((sum, { up, bytes }) => sum + (up ? bytes : 0), 0);
    const before = sentBytes();
    for (let index = 0; index < count; index += 1) await link.send({ ...message, payload: Buffer.alloc(100) });
    const overhead = (sentBytes() - before) / count - 100 - TLS_RECORD_BYTES;
    const { overheadBytes } = http2Endpoint.traits;
    assert.ok(overhead > overheadBytes / 2 && overhead < overheadBytes * 1.5, `${overhead} bytes`);
    await link.close();
    await listener.close();
    await door.close();
    for (const socket of sockets) socket.destroy();
    relay.close();
  });
});
