import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Pool } from '../../../nodes/adapter/pool.ts';
import { unusedPort } from '../../support/unused-port.ts';

describe('a pool', () => {
  let port: number;
  let opened: number;
  let closed: number;
  before(async () => {
    port = await unusedPort();
  });
  beforeEach(() => {
    opened = 0;
    closed = 0;
  });
  /** A server on one port: a second one at the same time fails. */
  const listen = async (): Promise<AsyncDisposable> => {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    opened += 1;
    return {
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        closed += 1;
      },
    };
  };

  it('opens once for all users of one wish and closes after the last', async () => {
    const pool = new Pool('test', listen);
    const [one, two] = await Promise.all([pool.borrow(undefined), pool.borrow(undefined)]);
    assert.equal(one.side, two.side);
    await one.release();
    await one.release();
    assert.deepEqual([opened, closed], [1, 0]);
    await two.release();
    assert.deepEqual([opened, closed], [1, 1]);
  });

  it('opens again only when the last one has closed', async () => {
    const pool = new Pool('test', listen);
    const first = await pool.borrow(undefined);
    const closing = first.release();
    const second = await pool.borrow(undefined);
    assert.notEqual(first.side, second.side);
    assert.deepEqual([opened, closed], [2, 1]);
    await closing;
    await second.release();
  });

  it('tells every user why it could not open, and tries again for the next', async () => {
    const pool = new Pool('test', listen);
    const other = await listen();
    const tries = await Promise.allSettled([pool.borrow(undefined), pool.borrow(undefined)]);
    assert.deepEqual(
      tries.map((tried) => tried.status === 'rejected' && tried.reason.code),
      ['EADDRINUSE', 'EADDRINUSE'],
    );
    await other[Symbol.asyncDispose]();
    const lease = await pool.borrow(undefined);
    await lease.release();
    assert.deepEqual([opened, closed], [2, 2]);
  });

  it('keeps different wishes apart', async () => {
    const pool = new Pool('test', async (wish: 'listen' | 'nothing') =>
      wish === 'listen' ? await listen() : { [Symbol.asyncDispose]: async () => undefined },
    );
    const server = await pool.borrow('listen');
    const nothing = await pool.borrow('nothing');
    await server.release();
    assert.deepEqual([opened, closed], [1, 1]);
    await nothing.release();
  });

  it('closes everything at its end, whoever uses it, and lends no more', async () => {
    const pool = new Pool('the link', listen);
    const lease = await pool.borrow(undefined);
    await pool.close();
    assert.deepEqual([opened, closed], [1, 1]);
    await lease.release();
    await assert.rejects(pool.borrow(undefined), { code: 'NODE_CLOSED' });
  });
});
