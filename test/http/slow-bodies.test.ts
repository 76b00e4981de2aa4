import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Door } from '../../src/front-door/door.ts';
import type { DoorLimits } from '../../src/front-door/door-limits.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import { readBody } from '../../src/http/read-body.ts';

/** How a body says where it ends: of a length it is read by us, in chunks by node:http. */
const WAYS = {
  'of a length': { head: 'content-length: 2001', part: (text: string) => text, end: 'x' },
  'in chunks': {
    head: 'transfer-encoding: chunked',
    part: (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`,
    end: '0\r\n\r\n',
  },
} as const;

describe('a body of HTTP/1.1', () => {
  let door: Door;
  let socket: Socket;
  let said: Promise<string>;
  afterEach(async () => {
    socket.destroy();
    await door.close();
  });
  const begin = async (limits: DoorLimits, head: string): Promise<void> => {
    door = await openDoor({ host: '127.0.0.1', port: 0, plain: true, limits });
    door.exchange('/', (exchange) => readBody(exchange, 20_000, (_fault, body) => exchange.answer(200, [], body)));
    socket = connect(door.port, '127.0.0.1');
    socket.on('error', () => undefined);
    said = new Promise((resolve) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      socket.once('close', () => resolve(text));
    });
    await once(socket, 'connect');
    socket.write(`POST / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n${head}\r\n\r\n`);
  };

  for (const [what, { head, part, end }] of Object.entries(WAYS)) {
    it(`${what} may take longer for what has come of it`, async () => {
      await begin({ requestMs: 300, minBodyBytesPerSecond: 100 }, head);
      socket.write(part('x'.repeat(2_000)));
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      socket.write(end);
      assert.match(await said, /^HTTP\/1\.1 200 /);
    });

    it(`${what} takes no longer for a byte now and then`, async () => {
      await begin({ requestMs: 300, minBodyBytesPerSecond: 10_000 }, head);
      const dropping = setInterval(() => socket.write(part('x')), 50);
      const text = await said;
      clearInterval(dropping);
      assert.match(text, /^HTTP\/1\.1 408 /);
      assert.equal(door.refusals.total, 1);
    });
  }
});
