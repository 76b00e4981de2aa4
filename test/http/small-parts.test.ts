import assert from 'node:assert/strict';
import type { Door } from '../../src/front-door/door.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import type { Exchange } from '../../src/http/exchange.ts';
import { readBody } from '../../src/http/read-body.ts';
import { heldBytes } from '../support/held-bytes.ts';
import { ACK, DATA, END_HEADERS, END_STREAM, frame, headerBlock, HEADERS, PING, RawHttp2 } from './raw-http2.ts';

const BATCH = 10_000;

/** In a process of its own each part takes a hundred times the one byte it is. */
describe('a body that comes byte by byte', () => {
  let door: Door;
  let held: Exchange | undefined;
  const answered: string[] = [];
  before(async () => {
    door = await openDoor({ plain: true, host: '127.0.0.1', port: 0 });
    door.exchange('/whole', (exchange) =>
      readBody(exchange, 10_000_000, (fault, body) => {
        answered.push(fault?.code ?? String(body));
        exchange.answer(200, []);
      }),
    );
    door.exchange('/unread', (exchange) => {
      exchange.body.pause();
      held = exchange;
    });
  });
  after(() => door.close());
  /** Sends so many bytes, each of its own, and waits until all have been taken. */
  const send = async (client: RawHttp2, stream: number, bytes: number): Promise<void> => {
    for (let sent = 0; sent < bytes; sent += BATCH) {
      client.write(Buffer.concat(Array.from({ length: BATCH }, (_, index) => frame(DATA, 0, stream, digit(index)))));
      const mark = Buffer.alloc(8, `${stream} ${sent}`);
      client.write(frame(PING, 0, 0, mark));
      await client.until(({ type, flags, payload }) => type === PING && flags === ACK && payload.equals(mark));
    }
  };

  it('takes little more than its bytes while it is collected, and is whole', async () => {
    const client = await RawHttp2.open(door.port);
    client.write(frame(HEADERS, END_HEADERS, 1, headerBlock('/whole', 'POST')));
    const before = heldBytes();
    await send(client, 1, 200_000);
    const mib = (heldBytes() - before) / 2 ** 20;
    assert.ok(mib < 12, `${mib.toFixed(0)} MiB for so few bytes`);
    client.write(frame(DATA, 0, 1, 'x'.repeat(10_000)), frame(DATA, 0, 1, 'end'), frame(DATA, END_STREAM, 1));
    assert.equal(await client.statusOf(1), 200);
    client.socket.destroy();
    assert.equal(answered[0], `${'0123456789'.repeat(20_000)}${'x'.repeat(10_000)}end`);
  });

  it('takes little more than its bytes while nobody reads it, and is whole', async () => {
    const client = await RawHttp2.open(door.port);
    const streams = Array.from({ length: 5 }, (_, index) => 2 * index + 1);
    const before = heldBytes();
    for (const stream of streams) {
      client.write(frame(HEADERS, END_HEADERS, stream, headerBlock('/unread', 'POST')));
      await send(client, stream, 60_000);
    }
    const mib = (heldBytes() - before) / 2 ** 20;
    assert.ok(mib < 18, `${mib.toFixed(0)} MiB for so few bytes`);
    client.write(frame(DATA, END_STREAM, streams.at(-1)!, 'end'));
    const parts = await held!.body.toArray();
    client.socket.destroy();
    assert.equal(Buffer.concat(parts).toString(), `${'0123456789'.repeat(6_000)}end`);
  });
});

const digit = (index: number): string => String(index % 10);
