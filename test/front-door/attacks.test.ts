import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import type { Door } from '../../src/front-door/door.ts';
import type { DoorLimits } from '../../src/front-door/door-limits.ts';
import { defaultDoorLimits } from '../../src/front-door/door-limits.ts';
import { waitFor } from '../support/wait-for.ts';
import { withMoreTime } from '../support/with-more-time.ts';
import { askHttp2, askOn, openHttp2, rawSocket, untilClosed } from './raw.ts';
import { openTestDoor, testIdentities, type TestIdentities } from './test-door.ts';

/** RFC 9113, 3.4: what a client says first, with an empty SETTINGS frame. */
const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0, '')]);
/** HPACK (RFC 7541, appendix A): GET, https, /, and an authority of one letter. */
const GET = Buffer.from([0x82, 0x87, 0x84, 0x41, 0x01, 0x61]);
const short = (times = 1): DoorLimits => ({ firstRequestMs: 300 * times, requestMs: 600 * times, idleMs: 300 * times });

describe('the limits of the front door', () => {
  it('no default lets anybody hold a place for more than 15 s without using it', () => {
    const { handshakeMs, firstRequestMs, idleMs } = defaultDoorLimits;
    assert.ok(Math.max(handshakeMs, firstRequestMs, idleMs) <= 15_000);
  });
});

describe('attacks on the front door', () => {
  let identities: TestIdentities;
  let door: Door;
  const doors: Door[] = [];
  before(async () => {
    identities = await testIdentities();
  });
  afterEach(async () => {
    // The short limits of a test hold for the honest, too, whom a busy machine may make late.
    await waitFor('an answer to somebody else', async () => {
      const answer = await askHttp2(door.port, identities.client, { path: '/' }).catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    });
    for (const open of doors.splice(0)) await open.close();
  });

  async function openServing(limits: DoorLimits): Promise<void> {
    door = await openTestDoor(limits);
    doors.push(door);
    door.http('/', (_request, response) => response.end('ok'));
    door.http('/silent', () => undefined);
    door.mqtt(() => undefined);
  }

  const halfSent: Record<string, { alpn?: string; bytes: Buffer | string }> = {
    'says nothing after the handshake': { bytes: '' },
    'says nothing as HTTP/1.1': { alpn: 'http/1.1', bytes: '' },
    'says nothing as HTTP/2': { alpn: 'h2', bytes: '' },
    'says nothing as MQTT': { alpn: 'mqtt', bytes: '' },
    'sends half an HTTP/1.1 header': { alpn: 'http/1.1', bytes: 'GET / HTTP/1.1\r\nhost: he' },
    'sends half an HTTP/1.1 body': {
      alpn: 'http/1.1',
      bytes: 'POST /silent HTTP/1.1\r\nhost: here\r\ncontent-length: 10\r\n\r\nhal',
    },
    'sends half an HTTP/2 preface': { alpn: 'h2', bytes: PREFACE.subarray(0, 10) },
    'sends only SETTINGS': { alpn: 'h2', bytes: PREFACE },
    'sends half an HTTP/2 header block': { alpn: 'h2', bytes: Buffer.concat([PREFACE, frame(1, 0, 1, GET)]) },
    'sends half an HTTP/2 body': { alpn: 'h2', bytes: Buffer.concat([PREFACE, frame(1, 4, 1, GET)]) },
  };
  for (const [what, { alpn, bytes }] of Object.entries(halfSent)) {
    it(`cuts off who ${what}`, async () => {
      await openServing(short());
      const socket = await rawSocket(door.port, identities.client, alpn);
      socket.write(bytes);
      await untilClosed(socket);
    });
  }

  it('cuts off who does not begin the TLS handshake', async () => {
    await openServing({ handshakeMs: 300 });
    const socket = connectPlain(door.port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    await once(socket, 'close');
  });

  it('keeps an HTTP/2 session that waits for our answer', () =>
    withMoreTime(async (times) => {
      await openServing(short(times));
      door.http('/slow', (_request, response) => void setTimeout(() => response.end('at last'), 1_000 * times));
      assert.equal((await askHttp2(door.port, identities.client, { path: '/slow' })).text, 'at last');
    }));

  it('keeps an idle HTTP/2 session that pings', () =>
    withMoreTime(async (times) => {
      await openServing(short(times));
      const session = await openHttp2(door.port, identities.client);
      const pings = setInterval(() => session.closed || session.ping(() => undefined), 100);
      try {
        await new Promise((resolve) => setTimeout(resolve, 1_000 * times));
        assert.equal((await askOn(session, { path: '/' })).status, 200);
      } finally {
        clearInterval(pings);
        session.destroy();
      }
    }));

  it('refuses connections above the limit for one address, and takes them again when others end', async () => {
    await openServing({ maxConnectionsPerAddress: 3 });
    const three = await Promise.all([1, 2, 3].map(() => rawSocket(door.port, identities.client)));
    const fourth = connectPlain(door.port, '127.0.0.1');
    fourth.on('error', () => undefined).resume();
    await once(fourth, 'close');
    assert.equal(door.refusals.byReason.get('connections above the limit'), 1);
    const ended = three.map(untilClosed);
    for (const socket of three) socket.end();
    await Promise.all(ended);
  });

  it('refuses streams above the limit of a session', async () => {
    await openServing({ maxConcurrentStreams: 5 });
    const socket = await rawSocket(door.port, identities.client, 'h2');
    const silent = Buffer.concat([Buffer.from([0x82, 0x87, 0x04, 0x07]), Buffer.from('/silent'), GET.subarray(3)]);
    const flood = Array.from({ length: 5_000 }, (_, index) => frame(1, 5, index * 2 + 1, silent));
    socket.write(Buffer.concat([PREFACE, ...flood]));
    const answer = await firstFrames(socket, (types) => types.filter((type) => type === 3 || type === 7).length > 100);
    assert.ok(answer.includes(3) || answer.includes(7), 'neither RST_STREAM nor GOAWAY');
    socket.destroy();
  });

  it('ends a session that opens and resets streams without end (CVE-2023-44487)', async () => {
    await openServing({});
    const socket = await rawSocket(door.port, identities.client, 'h2');
    const reset = (id: number): Buffer =>
      Buffer.concat([frame(1, 5, id, GET), frame(3, 0, id, Buffer.from([0, 0, 0, 8]))]);
    socket.write(Buffer.concat([PREFACE, ...Array.from({ length: 20_000 }, (_, index) => reset(index * 2 + 1))]));
    await untilClosed(socket);
  });

  it('ends a session that sends CONTINUATION frames without end (CVE-2024-27316)', async () => {
    await openServing({});
    const socket = await rawSocket(door.port, identities.client, 'h2');
    const more = Array.from({ length: 5_000 }, () => frame(9, 0, 1, Buffer.from([0x00, 0x01, 0x61, 0x01, 0x62])));
    socket.write(Buffer.concat([PREFACE, frame(1, 1, 1, GET), ...more]));
    await untilClosed(socket);
  });

  it('ends a session of garbage', async () => {
    await openServing({});
    const socket = await rawSocket(door.port, identities.client, 'h2');
    socket.write(Buffer.alloc(100_000, 0xff));
    await untilClosed(socket);
  });

  it('answers 431 to HTTP/1.1 headers above the limit, and 400 to nonsense', async () => {
    await openServing({});
    const large = await rawSocket(door.port, identities.client, 'http/1.1');
    large.write(`GET / HTTP/1.1\r\nhost: here\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`);
    assert.match(await untilClosed(large), /^HTTP\/1\.1 431 /);
    for (const [count, status] of [
      [99, 200],
      [100, 431],
    ] as const) {
      const many = await rawSocket(door.port, identities.client, 'http/1.1');
      const fields = Array.from({ length: count - 1 }, (_, index) => `x-${index}: 1\r\n`).join('');
      many.write(`GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n${fields}\r\n`);
      assert.match(await untilClosed(many), new RegExp(`^HTTP/1\\.1 ${status} `), `${count + 1} headers`);
    }
    const nonsense = await rawSocket(door.port, identities.client, 'http/1.1');
    nonsense.write('\u0000\u0001 nonsense\r\n\r\n');
    assert.match(await untilClosed(nonsense), /^HTTP\/1\.1 400 /);
  });
});

/** One HTTP/2 frame (RFC 9113, 4.1). */
function frame(type: number, flags: number, stream: number, payload: Buffer | string): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

/** The types of the frames that come, until they are enough or the connection ends. */
async function firstFrames(socket: NodeJS.ReadableStream, enough: (types: number[]) => boolean): Promise<number[]> {
  const types: number[] = [];
  let rest = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      types.push(rest.readUInt8(3));
      rest = rest.subarray(9 + rest.readUIntBE(0, 3));
    }
    if (enough(types)) break;
  }
  return types;
}
