import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { EdgeLink } from '../../../src/fleet/edge/edge-link.ts';
import type { EdgeIdentity } from '../../../src/fleet/edge/identity.ts';
import { fleetTopic, type Reported } from '../../../src/fleet/protocol.ts';
import { openAuthority } from '../../../src/security/certificates.ts';

/** MQTT 5 CONNACK, success. */
const CONNACK = Buffer.from([0x20, 0x03, 0x00, 0x00, 0x00]);

const REPORTED: Reported = {
  edgeId: 'a1',
  running: null,
  state: 'idle',
  at: 0,
  versions: { chartwire: '0.0.0', nodeRed: '0.0.0', node: '0.0.0' },
};

/** PUBACKs for those QoS 1 publishes in these whole packets that go to the topic. */
function acknowledgements(packets: Buffer, topic: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < packets.length;) {
    let [length, shift, body] = [0, 0, at + 1];
    do {
      length |= (packets[body]! & 0x7f) << shift;
      shift += 7;
      body += 1;
    } while (packets[body - 1]! & 0x80);
    if (packets[at]! >> 4 === 3) {
      const topicEnd = body + 2 + packets.readUInt16BE(body);
      const id = packets.subarray(topicEnd, topicEnd + 2);
      if (packets.toString('utf8', body + 2, topicEnd) === topic) found.push(Buffer.from([0x40, 0x02, ...id]));
    }
    at = body + length;
  }
  return found;
}

describe('The link of an edge host', () => {
  let folder: string;
  let identity: EdgeIdentity;
  let server: { key: string; cert: string; ca: string };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chartwire-link-'));
    const authority = await openAuthority(folder);
    const { key, cert } = await authority.issueClient({ commonName: 'edge-a1' });
    server = { ca: authority.ca, ...(await authority.issueServer({ names: ['127.0.0.1'] })) };
    identity = { edgeId: 'a1', broker: '', ca: authority.ca, certificate: cert, key, releaseKey: '' };
  });
  after(() => rmSync(folder, { recursive: true }));

  const openLink = (port: number, connected = (): void => {}): EdgeLink =>
    new EdgeLink(
      { ...identity, broker: `mqtts://127.0.0.1:${port}` },
      { log: () => {}, desired: () => {}, command: () => {}, connected },
    );

  it('closes though the broker leaves a report unanswered and its side of the connection open', async () => {
    const sockets: TLSSocket[] = [];
    const lame = createTlsServer(
      { ...server, requestCert: true, ALPNProtocols: ['mqtt'], allowHalfOpen: true },
      (socket) => {
        sockets.push(socket.on('error', () => {}));
        socket.write(CONNACK);
        socket.on('data', (packets) => {
          for (const puback of acknowledgements(packets, fleetTopic('a1', 'presence'))) socket.write(puback);
        });
      },
    ).listen(0, '127.0.0.1');
    await once(lame, 'listening');
    const up = Promise.withResolvers<void>();
    const link = openLink((lame.address() as AddressInfo).port, up.resolve);
    await up.promise;
    link.report(REPORTED);
    await link.close();
    for (const socket of sockets) socket.destroy();
    lame.close();
    await once(lame, 'close');
    assert.equal(sockets.length, 1);
  });

  it('closes while a far side is taken for one that never shakes hands', async () => {
    const mute = createServer((socket) => void socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const link = openLink((mute.address() as AddressInfo).port);
    await once(mute, 'connection');
    await link.close();
    mute.close();
    await once(mute, 'close');
  });

  it('closes while nobody is there', async () => {
    const link = openLink(1);
    await link.close();
  });
});
