import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { gunzipSync } from 'node:zlib';
import type { Door } from '../../src/front-door/door.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import { Parts } from '../../src/http/parts.ts';
import { SiteResponse } from '../../src/http/site-response.ts';

const CHUNK = Buffer.alloc(65_536, 'part ');
const CHUNKS = 400;
const LARGEST_WINDOW = 2 ** 31 - 1;

describe('an answer that is piped', () => {
  let door: Door;
  let session: ClientHttp2Session;
  let given = 0;
  before(async () => {
    door = await openDoor({ plain: true, host: '127.0.0.1', port: 0 });
    door.exchange('/', (exchange) => {
      given = 0;
      const options = { compressFromBytes: 0, entityTags: false, headers: [] };
      const response = new SiteResponse(exchange, options, () => undefined);
      void new Parts(response, { compress: true, maxWaitingBytes: 1 }).pipe(chunks());
    });
    session = connect(`http://127.0.0.1:${door.port}`, { settings: { initialWindowSize: LARGEST_WINDOW } });
    await once(session, 'connect');
    session.setLocalWindowSize(LARGEST_WINDOW);
  });
  after(async () => {
    session.destroy();
    await door.close();
  });
  async function* chunks(): AsyncGenerator<Buffer> {
    for (; given < CHUNKS; given += 1) yield CHUNK;
  }
  /** How many chunks had been asked for by the time that the head was here, and the body. */
  const ask = async (headers: Record<string, string> = {}): Promise<[given: number, body: Buffer]> => {
    const stream: ClientHttp2Stream = session.request({ ':path': '/', ...headers });
    await once(stream, 'response');
    const early = given;
    return [early, Buffer.concat(await stream.toArray())];
  };

  // Each chunk is there at once: who asks for the next without a turn of the event loop asks for all of them.
  it('is asked for no more than leaves, whatever the far side would take', async () => {
    const [early, body] = await ask();
    assert.ok(early < CHUNKS, `${early} chunks were held`);
    assert.equal(body.length, CHUNKS * CHUNK.length);
  });

  it('is asked for no more than is compressed', async () => {
    const [early, body] = await ask({ 'accept-encoding': 'gzip' });
    assert.ok(early < CHUNKS, `${early} chunks were held`);
    assert.equal(gunzipSync(body).length, CHUNKS * CHUNK.length);
  });

  it('is not asked for where nobody reads a body', async () => {
    const [, body] = await ask({ ':method': 'HEAD' });
    assert.deepEqual([given, body.length], [0, 0]);
  });
});
