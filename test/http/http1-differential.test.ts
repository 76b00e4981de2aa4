import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import type { Door } from '../../src/front-door/door.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import { readBody } from '../../src/http/read-body.ts';

const requests = [
  'GET /a HTTP/1.1\r\nHost: h\r\n\r\n',
  'GET /b?x=1 HTTP/1.1\r\nhost: h\r\nConnection: keep-alive\r\nCookie: a=1\r\nX-A:  v \t\r\n\r\n',
  'POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello',
  'PUT /d HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n',
  'POST /e HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
];
/** What people have put where it does not belong, to be read otherwise by two (RFC 9112, 11). */
const pieces = [
  ...'\r \n \t \0 \x80 \xff : a 0 5 - + , # " % /'.split(' '),
  ' ',
  '\r\n',
  '\n\n',
  'Content-Length: 3\r\n',
  'Content-Length: 5, 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Connection: close\r\n',
  'Connection: close, keep-alive\r\n',
  'Connection: upgrade\r\nUpgrade: h2c\r\n',
  'X: y\r\n',
  ' folded\r\n',
  'HTTP/1.0',
  'TE: trailers\r\n',
  'constructor: x\r\n',
  '__proto__: x\r\n',
];

/** One piece put in at a place, instead of some characters. */
const change = fc.record({ piece: fc.constantFrom('', ...pieces), at: fc.nat(120), instead: fc.nat(2) });
type Change = typeof change extends fc.Arbitrary<infer One> ? One : never;

const changed = (text: string, { piece, at, instead }: Change): string => {
  const place = at % text.length;
  return text.slice(0, place) + piece + text.slice(place + instead);
};

describe('requests of HTTP/1.1 that are not quite right', () => {
  let door: Door;
  let reference: Server;
  before(async () => {
    door = await openDoor({ plain: true, host: '127.0.0.1', port: 0 });
    door.exchange('/', (exchange) =>
      readBody(exchange, 10_000, (_fault, body) => {
        const text = toldOf(exchange.method, exchange.target, exchange.headers, body);
        exchange.answer(200, ['x-told', text, 'content-length', '0']);
      }),
    );
    reference = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.setHeader('x-told', toldOf(request.method, request.url, request.headers, Buffer.concat(chunks)));
        response.setHeader('content-length', '0');
        response.end();
      });
    });
    reference.listen(0, '127.0.0.1');
    await once(reference, 'listening');
  });
  after(async () => {
    reference.close();
    await door.close();
  });

  it('are read as node:http reads them, and so is what follows', async () => {
    const request = fc.tuple(fc.constantFrom(...requests), fc.array(change, { minLength: 1, maxLength: 3 }));
    const referencePort = (reference.address() as AddressInfo).port;
    await fc.assert(
      fc.asyncProperty(request, async ([text, changes]) => {
        const bytes = Buffer.from(`${changes.reduce(changed, text)}GET /end HTTP/1.1\r\nHost: h\r\n\r\n`, 'latin1');
        const [ours, theirs] = await Promise.all([toldBy(door.port, bytes), toldBy(referencePort, bytes)]);
        // Node.js drops an answer when what follows the request is wrong; we have sent it by then.
        for (const [index, one] of theirs.entries()) assert.equal(ours[index], one);
        assert.equal(ours.some(isEnd), theirs.some(isEnd));
      }),
      { numRuns: 400 },
    );
  });
});

const toldOf = (method: unknown, target: unknown, headers: object, body: Buffer): string =>
  Buffer.from(JSON.stringify([method, target, headers, body.toString('latin1')])).toString('base64');

const isEnd = (told: string): boolean => told.startsWith('["GET","/end",');

/** What a server says it was asked, by all its answers. */
async function toldBy(port: number, bytes: Buffer): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  socket.end(bytes);
  await new Promise((resolve) => void socket.once('close', resolve));
  return Array.from(text.matchAll(/^x-told: (\S+)/gim), ([, told]) => Buffer.from(told!, 'base64').toString());
}
