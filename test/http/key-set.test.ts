import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Socket } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { isFault } from '../../src/fault.ts';
import { byToken } from '../../src/http/bearer.ts';

describe('keys of tokens that are fetched', () => {
  let server: Server;
  let more = 0;
  let token = '';
  before(async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    token = await new SignJWT({ sub: 'meter-1' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    const keys = [{ ...(await exportJWK(publicKey)), alg: 'ES256' }];
    server = createServer((_request, response) => response.end(JSON.stringify({ keys, more: 'x'.repeat(more) })));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const check = async () => {
    const { port } = server.address() as AddressInfo;
    const keys = `http://127.0.0.1:${port}/`;
    const guard = byToken({ keys, issuer: '', audience: '', tokens: new Map(), clockToleranceSeconds: 0 });
    return guard.check({ headers: { authorization: `Bearer ${token}` }, socket: new Socket() });
  };

  it('let in whom they prove', async () => {
    const verdict = await check();
    assert.ok(!isFault(verdict));
    assert.equal(verdict.identity, 'meter-1');
  });

  it('are not read on when they are larger than any', async () => {
    more = 2 ** 21;
    await assert.rejects(check(), (error) => isFault(error) && error.code === 'FAR_SIDE_GONE');
  });
});
