import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { listen, onFreePort, type WantedPort } from '../../../nodes/host/listen.ts';

describe('the port to listen on', () => {
  const servers: Server[] = [];
  const lines: string[] = [];
  let wanted: WantedPort;
  const open = async (port: number): Promise<number> => {
    const server = createServer();
    servers.push(server);
    return listen(server, '127.0.0.1', port);
  };

  beforeEach(async () => {
    wanted = { port: await open(0), given: false, setting: '--port', say: (line) => lines.push(line) };
  });
  afterEach(() => {
    lines.length = 0;
    for (const server of servers.splice(0)) server.close();
  });

  it('is the next free one when a default is taken, and that is said', async () => {
    const used = await onFreePort(wanted, open, (port) => port);
    assert.notEqual(used, wanted.port);
    assert.deepEqual(lines, [`Port ${wanted.port} is taken; using ${used} (choose one with --port)`]);
  });

  it('is no other than the one asked for by name', async () => {
    await assert.rejects(onFreePort({ ...wanted, given: true }, open, Number), { code: 'PORT_TAKEN' });
  });

  it('is any free one for 0, without a word', async () => {
    assert.ok((await onFreePort({ ...wanted, port: 0 }, open, Number)) > 0);
    assert.deepEqual(lines, []);
  });

  it('is not looked for when something else is wrong', async () => {
    const failing = (): Promise<number> => Promise.reject(new Error('no such address'));
    await assert.rejects(onFreePort(wanted, failing, Number), /no such address/);
  });
});
