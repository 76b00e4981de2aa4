import assert from 'node:assert/strict';
import { once } from 'node:events';
import { assert as check, property, uint8Array } from 'fast-check';
import { WebSocket } from 'ws';
import { decodeRendezvous, encodeRendezvous, PROTOCOLS } from '../../../../src/endpoints/peer/rendezvous/frames.ts';
import { newSession } from '../../../../src/endpoints/peer/statement.ts';
import { next, textMessage, textOf } from '../../../contract/world.ts';
import { openMeeting, type Meeting } from '../meeting.ts';
import { selfSigned, type SelfSigned } from '../self-signed.ts';

describe('a rendezvous survives', () => {
  let meeting: Meeting;
  let stranger: SelfSigned;
  let neighbour: SelfSigned;
  let told: string[];
  before(async () => {
    [stranger, neighbour] = [await selfSigned('stranger'), await selfSigned('neighbour')];
  });
  beforeEach(async () => {
    told = [];
    meeting = await openMeeting({
      maxTunnels: 3,
      maxTunnelsOfOne: 2,
      maxPeers: 6,
      maxBufferedBytes: 1_000_000,
      strangers: [neighbour.fingerprint],
      onRefusal: (_source, problem) => told.push(problem),
    });
  });
  afterEach(async () => {
    // Whatever happened, two peers are relayed.
    const listener = await meeting.listen();
    const reader = listener.receive();
    const link = meeting.link({ direct: false });
    await link.send(textMessage('t', 'still here'));
    assert.equal(textOf(await next(reader)), 'still here');
    await meeting[Symbol.asyncDispose]();
  });

  const dial = (who: SelfSigned | undefined, more: object = {}): WebSocket =>
    new WebSocket(meeting.rendezvous.url, [PROTOCOLS.link], {
      ca: meeting.ca,
      ...(who !== undefined && { cert: who.cert, key: who.key }),
      ...more,
    });
  const guest = async (who = meeting.client): Promise<WebSocket> => {
    const socket = dial(who);
    await once(socket, 'open');
    return socket;
  };

  it('strangers, and those who show no certificate: 401, counted', async () => {
    for (const who of [stranger, undefined]) {
      const [, response] = (await once(dial(who), 'unexpected-response')) as [unknown, { statusCode: number }];
      assert.equal(response.statusCode, 401);
    }
    assert.equal(meeting.rendezvous.refused, 2);
  });

  it('a page of another origin: 403, counted, told once', async () => {
    for (let time = 0; time < 2; time += 1) {
      const socket = dial(meeting.client, { origin: 'https://evil.example' });
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
      assert.equal(response.statusCode, 403);
    }
    assert.deepEqual([meeting.rendezvous.refused, told], [2, ['a page of another origin']]);
  });

  it('a peer that begins sessions without end: what others relay goes on as it was', async () => {
    const listener = await meeting.listen();
    const link = meeting.link({ direct: false });
    await link.ready();
    const states: string[] = [];
    link.onState(({ name }) => states.push(name));
    const [there, here] = [listener.receive(), link.receive()];
    const socket = await guest(neighbour);
    const answered = once(socket, 'message');
    const body = Buffer.alloc(4);
    for (const type of ['credit', 'signal'] as const) {
      for (let count = 0; count < 12_000; count += 1) {
        socket.send(encodeRendezvous(type, meeting.server.fingerprint, newSession(), body));
      }
    }
    // There is nobody: the answer to that comes after all of it was heard.
    socket.send(encodeRendezvous('data', 'ab'.repeat(32), newSession(), body));
    await answered;
    await listener.send(textMessage('t', 'down'));
    await link.send(textMessage('t', 'up'));
    assert.deepEqual([textOf(await next(there)), textOf(await next(here))], ['up', 'down']);
    assert.deepEqual(states, []);
    await ended(socket);
    await link.close();
    await listener.close();
  });

  it('a second listener of the same fingerprint that goes again: links find the first', async () => {
    const first = await meeting.listen();
    const second = meeting.post('listener');
    while (meeting.rendezvous.peers < 2) await new Promise(setImmediate);
    await second.close();
    while (meeting.rendezvous.peers > 1) await new Promise(setImmediate);
    const link = meeting.link({ direct: false });
    const reader = first.receive();
    await link.send(textMessage('t', 'to the first'));
    assert.equal(textOf(await next(reader)), 'to the first');
    await link.close();
    await first.close();
  });

  it('more peers than it takes: 503', async () => {
    const guests = await Promise.all(Array.from({ length: 6 }, async () => await guest()));
    const [, response] = (await once(dial(meeting.client), 'unexpected-response')) as [unknown, { statusCode: number }];
    assert.equal(response.statusCode, 503);
    await Promise.all(guests.map(async (socket) => await ended(socket)));
    while (meeting.rendezvous.peers > 0) await new Promise(setImmediate);
  });

  for (const [what, data, code] of [
    ['text', 'hello', 1008],
    ['a frame too short', Buffer.alloc(40), 1008],
    ['a frame of no type', Buffer.alloc(41, 9), 1008],
    ['a credit of three bytes', Buffer.concat([Buffer.from([2]), Buffer.alloc(43)]), 1008],
    ['a frame too long', Buffer.alloc(40_000), 1009],
  ] as const) {
    it(`${what}: ends that connection`, async () => {
      const socket = await guest();
      socket.send(data);
      assert.equal((await once(socket, 'close'))[0], code);
      assert.equal(meeting.rendezvous.refused, 1);
    });
  }

  it('tunnels to nobody, more tunnels than one peer may open, and more than it has', async () => {
    const socket = await guest();
    const other = await guest(neighbour);
    const types: string[] = [];
    for (const one of [socket, other]) {
      one.on('message', (data) => types.push(decodeRendezvous(data as Buffer)?.type ?? ''));
    }
    socket.send(encodeRendezvous('data', 'ab'.repeat(32), newSession(), Buffer.from('x')));
    while (types.length < 1) await new Promise(setImmediate);
    assert.deepEqual(types, ['absent']);
    const listener = meeting.post('listener');
    await new Promise<void>((resolve) => listener.onState(({ name }) => name === 'up' && resolve()));
    const tunnels: unknown[] = [];
    listener.onTunnel((tunnel) => tunnels.push(tunnel));
    const open = async (one: WebSocket, refused: number): Promise<void> => {
      const before = types.length;
      for (let count = 0; count < 5; count += 1) {
        one.send(encodeRendezvous('data', meeting.server.fingerprint, newSession(), Buffer.from('x')));
      }
      while (types.length < before + refused) await new Promise(setImmediate);
    };
    await open(socket, 3);
    await open(other, 4);
    assert.deepEqual(new Set(types.slice(1)), new Set(['end']));
    while (tunnels.length < 3) await new Promise(setImmediate);
    assert.equal(meeting.rendezvous.tunnels, 3);
    assert.deepEqual(told, ['more than 2 tunnels of one peer', 'more than 3 tunnels']);
    await Promise.all([ended(socket), ended(other)]);
    while (meeting.rendezvous.tunnels > 0) await new Promise(setImmediate);
    await listener.close();
  });

  it('a peer that takes nothing of what is relayed to it: its tunnel ends, memory is bounded', async () => {
    const idle = new WebSocket(meeting.rendezvous.url, [PROTOCOLS.listener], {
      ca: meeting.ca,
      cert: meeting.server.cert,
      key: meeting.server.key,
    });
    await once(idle, 'open');
    idle.pause();
    const socket = await guest();
    const session = newSession();
    const seen = { over: false };
    socket.once('message', () => (seen.over = true));
    while (!seen.over) {
      // No window is kept here, as a peer that means it well would.
      socket.send(encodeRendezvous('data', meeting.server.fingerprint, session, Buffer.alloc(32_768)));
      await new Promise(setImmediate);
    }
    assert.ok(meeting.rendezvous.refused > 0);
    idle.terminate();
    socket.terminate();
    while (meeting.rendezvous.peers > 0) await new Promise(setImmediate);
  });

  it('and makes nothing of bytes that are no frame', () => {
    check(property(uint8Array({ maxLength: 100 }), (bytes) => void decodeRendezvous(Buffer.from(bytes))));
  });
});

async function ended(socket: WebSocket): Promise<void> {
  socket.close();
  await once(socket, 'close');
}
