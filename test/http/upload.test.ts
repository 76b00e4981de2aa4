import assert from 'node:assert/strict';
import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Door } from '../../src/front-door/door.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import { refuseExchange } from '../../src/http/status-of-fault.ts';
import { readUpload } from '../../src/http/upload.ts';
import { waitFor } from '../support/wait-for.ts';

const UPLOADS = 24;
const HEAD = 'POST / HTTP/1.1\r\nhost: here\r\ncontent-type: multipart/form-data; boundary=b\r\n';
const FILE = '--b\r\ncontent-disposition: form-data; name="f"; filename="../f"\r\n\r\n'.padEnd(5_000, 'x');

describe('an upload', () => {
  let folder: string;
  let door: Door;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartwire-upload-'));
    door = await openDoor({ plain: true, host: '127.0.0.1', port: 0 });
    door.exchange('/', (exchange) => {
      readUpload(exchange, folder, { maxUploadBytes: 1_000_000, maxFiles: 1 }).then(
        () => exchange.answer(200, []),
        (error: unknown) => refuseExchange(exchange, error),
      );
    });
  });
  after(async () => {
    await door.close();
    await rm(folder, { recursive: true, force: true });
  });
  const send = async (text: string): Promise<Socket> => {
    const socket = connect(door.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  };
  const allBegun = async (): Promise<true | undefined> =>
    (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('/0')).length === UPLOADS || undefined;
  const nothingIsLeft = async (most: number): Promise<void> => {
    await waitFor('no files and no open ones', async () =>
      openNumbers() <= most && (await readdir(folder)).length === 0 ? true : undefined,
    );
  };

  it('that breaks off within a file leaves none behind, neither on disk nor open', async () => {
    const most = openNumbers() + UPLOADS / 2;
    const sockets: Socket[] = [];
    for (let index = 0; index < UPLOADS; index += 1)
      sockets.push(await send(`${HEAD}content-length: 100000\r\n\r\n${FILE}`));
    await waitFor('all files', allBegun);
    for (const socket of sockets) socket.destroy();
    await nothingIsLeft(most);
  });

  it('that ends within a file, or is refused there, leaves none behind either', async () => {
    const most = openNumbers() + UPLOADS / 2;
    const second = '\r\n--b\r\ncontent-disposition: form-data; name="g"; filename="g"\r\n\r\nmore';
    for (const body of [FILE, FILE + second]) {
      for (let index = 0; index < UPLOADS; index += 1) {
        const socket = await send(`${HEAD}connection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
        const [answer] = (await once(socket, 'data')) as [Buffer];
        assert.match(answer.toString(), /^HTTP\/1\.1 400 [^]*MESSAGE_INVALID/);
        socket.destroy();
      }
    }
    await nothingIsLeft(most);
  });
});

/** How many of the first thousand numbers stand for something open. */
function openNumbers(): number {
  let count = 0;
  for (let number = 0; number < 1_000; number += 1) if (isOpen(number)) count += 1;
  return count;
}

function isOpen(number: number): boolean {
  try {
    fstatSync(number);
    return true;
  } catch {
    return false;
  }
}
