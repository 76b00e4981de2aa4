import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { websocketEndpoint } from '../../../src/endpoints/websocket/index.ts';
import { errorText } from '../../support/node-red.ts';
import { openIdentities, type Identities } from '../../endpoints/peer/world.ts';
import { place, websocketWorld, type WebSocketWorld } from './world.ts';

/** Certificate and key of "in one file", with the passphrase "locked"; good until 2126. */
const PKCS12 = [
  'MIIEDAIBAzCCA8IGCSqGSIb3DQEHAaCCA7MEggOvMIIDqzCCAmIGCSqGSIb3DQEHBqCCAlMwggJPAgEAMIICSAYJKoZIhvcNAQcB',
  'MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgvp8szg9lFbAICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAlH',
  'xML9eGVf/vVwp3sqGHiAggHg8PKj1KPaaMcxvk/me1wjWBfNOFjIkaxZrxao0cxYPmR/vbVqcmHa+MsR0/rak2fyWYNFNUOu7gNH',
  'UDYAvjfRW6fIQFMxnC//DZW9UKw0v0O4lAo1LeCUSZM3nkwdY/FdCNYmH7wjw+vMHPrB3VYGxYn5DebZMFUsmDy6cLeQ88YOFQ40',
  'IcgDbYV41CTWCVxDc8sfchVoBn2cquA3sptAF80JbAKNQSOCGwkK0J0niKbHqmsQXfV8FSrrghFDvVx/Pyblobc63gHMFdRXtujJ',
  'eQX11qGIAvwiWotuYgHqCUeskk+Pil3KEdjUP8H85l4ujW/eABRjTJ6V4fk3SXngjHuGNse3FV6ynXPoSb96wXexvDdcijrT32lO',
  'AVYCRkBbN26j+1BGH40Xjl/RTRRYLsozcSJSfFNMFRqjI6+ChYnEl1KJbLKe37Lt7mMDUQqGTarN72ZfH3fGD1Pgry9MWoyKDbIV',
  'KKIDrNzWfVWkDYaE+Q2QpA8m292Qn+npT3SoQEy9eCMONwxEPgBjPEq0x7atcrOO5T2SN9Wd8NuaNDS/vHlsiSn7rJFeFLSaGCTT',
  'watLb5n99fIy/EZrmR4eHR/RSG794e948dvJKrcZgo36+zfJCExX1hvYngXdlGa+MIIBQQYJKoZIhvcNAQcBoIIBMgSCAS4wggEq',
  'MIIBJgYLKoZIhvcNAQwKAQKgge8wgewwVwYJKoZIhvcNAQUNMEowKQYJKoZIhvcNAQUMMBwECCLXhWKWqXXTAgIIADAMBggqhkiG',
  '9w0CCQUAMB0GCWCGSAFlAwQBKgQQ+cUDEBMMiBSP9PYWVheWIwSBkJ1/iqhjuWAgempRkV8xNEBCijawFdN22tD7Rwy3ndX9M/eu',
  'LFeKaFVdNujlN9L7RlbnjZZZO7Nd4wwxs/2GXr+C10+WarZn2Rfufh9eAH5Fuo5jaw15pF2rryfdbKRVe4TLOdaXHPqt2ISWWf+E',
  '7yZUVnOdR1zAfm9rOwsakwMguZJLVxZDgQvpd+0y78qsWzElMCMGCSqGSIb3DQEJFTEWBBSNFN1ImSnrmHC4xE+nnOdvSZN4JDBB',
  'MDEwDQYJYIZIAWUDBAIBBQAEIMqkZe5GIgG61zku6mtbAAkoNlJ5IXcNCpwZkdshAWrxBAhlmet496MsVwICCAA=',
].join('');

describe('a websocket link with a TLS configuration of Node-RED', () => {
  let identities: Identities;
  let world: WebSocketWorld;
  let folder: string;
  let far: Server;
  let url: string;
  const callers: (string | undefined)[] = [];

  before(async () => {
    identities = await openIdentities();
    world = await websocketWorld();
    folder = await mkdtemp(join(tmpdir(), 'chartwire-tls-config-'));
    const { authority } = identities;
    const own = await authority.issueServer({ names: ['plant.example'] });
    far = createServer({ ...own, ca: authority.ca, requestCert: true, rejectUnauthorized: false });
    new WebSocketServer({ server: far }).on('connection', (socket, request) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate() as { subject?: { CN?: string } };
      callers.push(subject?.CN);
      socket.on('message', (data: Buffer, binary) => socket.send(data, { binary }));
    });
    far.listen(0, '127.0.0.1');
    await once(far, 'listening');
    url = `wss://127.0.0.1:${(far.address() as AddressInfo).port}/feed`;
    const client = await identities.peer('centre');
    const locked = createPrivateKey(client.key).export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'locked',
    });
    await writeFile(join(folder, 'ca.pem'), authority.ca);
    await writeFile(join(folder, 'cert.pem'), client.cert);
    await writeFile(join(folder, 'key.pem'), locked);
  });
  beforeEach(() => void callers.splice(0));
  after(async () => {
    await world[Symbol.asyncDispose]();
    far.close();
    far.closeAllConnections();
    await identities.close();
    await rm(folder, { recursive: true });
  });

  /** Sends through a link as the core client has it. */
  const deploy = async (tls: object): Promise<void> => {
    await world.deploy(
      { id: 'tls', type: 'tls-config', certType: 'files', verifyservercert: true, ...tls },
      { id: 'link', type: 'chartwire-websocket-link', path: url, wholemsg: 'false', tls: 'tls' },
      place('up', 'chartwire-websocket-out', { client: 'link' }),
      place('in', 'chartwire-websocket-in', { client: 'link' }, ['sink']),
      place('sink', 'debug', { active: false }),
    );
  };
  const files = (): object => ({
    ca: join(folder, 'ca.pem'),
    cert: join(folder, 'cert.pem'),
    key: join(folder, 'key.pem'),
    credentials: { passphrase: 'locked' },
    servername: 'plant.example',
  });

  it('trusts whom it says, is who it says, and looks for the name it says', async () => {
    await deploy(files());
    world.nodeRed.send('up', { payload: 'hello' });
    assert.equal((await world.nodeRed.receivedBy('sink', 1))[0]?.payload, 'hello');
    assert.deepEqual(callers, ['centre']);
  });

  it('does not come up with one that does not verify, cannot be read, or is not there', async () => {
    for (const [tls, problem] of [
      [{ ...files(), verifyservercert: false }, /does not verify the far side/],
      [{ ...files(), credentials: { passphrase: 'wrong' } }, /cannot be read \(/],
      [{ ...files(), ca: join(folder, 'nothing') }, /cannot be read; see the log/],
      [{ ...files(), d: true }, /tls-config node tls is missing or disabled/],
    ] as const) {
      await deploy(tls);
      const caught = (await world.nodeRed.receivedBy('caught', 1)).map(errorText);
      assert.ok(
        caught.some((text) => problem.test(text)),
        caught.join('\n'),
      );
    }
    assert.deepEqual(callers, []);
  });

  it('takes certificate and key from one file', async () => {
    const pfx = Buffer.from(PKCS12, 'base64');
    const tls = { ca: identities.authority.ca, servername: 'plant.example', pfx, passphrase: 'locked' };
    await using link = websocketEndpoint.connect({ url, tls, plain: true });
    await link.ready();
    assert.deepEqual(callers, ['in one file']);
    await deploy({ certType: 'pfx', credentials: { p12data: PKCS12, passphrase: 'locked' } });
    // It can be read; that nobody in it vouches for the far side is another matter.
    await world.nodeRed.statusOf('up', /FAR_SIDE_UNTRUSTED/);
  });
});
