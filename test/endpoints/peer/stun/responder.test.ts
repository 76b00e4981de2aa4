import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { assert as check, property, uint8Array } from 'fast-check';
import { openStun, type StunResponder } from '../../../../src/endpoints/peer/stun/responder.ts';
import { bindingSuccess, isBindingRequest } from '../../../../src/endpoints/peer/stun/message.ts';

const transaction = Buffer.from('0123456789ab');
const request = Buffer.concat([Buffer.from('000100002112a442', 'hex'), transaction]);

describe('the STUN responder', () => {
  let stun: StunResponder;
  let client: Socket;
  beforeEach(async () => {
    stun = await openStun({ host: '127.0.0.1', port: 0, maxPerAddress: 5 });
    client = createSocket('udp4');
    client.bind(0, '127.0.0.1');
    await once(client, 'listening');
  });
  afterEach(async () => {
    client.close();
    await stun.close();
  });
  const send = (packet: Buffer): void => client.send(packet, stun.port, '127.0.0.1');
  const whenRefused = async (count: number): Promise<void> => {
    while (stun.refused < count) await new Promise(setImmediate);
  };

  it('tells a client the address it was seen by (RFC 8489, 14.2)', async () => {
    send(request);
    const [answer] = (await once(client, 'message')) as [Buffer];
    assert.equal(answer.toString('hex', 0, 8), '0101000c2112a442');
    assert.deepEqual(answer.subarray(8, 20), transaction);
    assert.equal(answer.toString('hex', 20, 26), '002000080001');
    assert.equal(answer.readUInt16BE(26) ^ 0x2112, client.address().port);
    assert.equal((answer.readUInt32BE(28) ^ 0x2112_a442) >>> 0, 0x7f00_0001);
    assert.equal(answer.length, 32);
  });

  it('writes IPv6 addresses as the test vectors of RFC 5769 have them', () => {
    const id = Buffer.from('b7e7a701bc34d686fa87dfae', 'hex');
    const asked = Buffer.concat([Buffer.from('000100002112a442', 'hex'), id]);
    const origin = { address: '2001:db8:1234:5678:11:2233:4455:6677', family: 'IPv6', port: 32_853 } as const;
    const answer = bindingSuccess(asked, origin);
    assert.equal(answer.toString('hex', 24), '0002a1470113a9faa5d3f179bc25f4b5bed2b9d9');
    const mapped = bindingSuccess(asked, { address: '::ffff:192.0.2.1', family: 'IPv6', port: 1 });
    const plain = mapped.subarray(28).map((byte, index) => byte ^ mapped[4 + index]!);
    assert.equal(Buffer.from(plain).toString('hex'), '00000000000000000000ffffc0000201');
  });

  it('answers nothing else, and counts it', async () => {
    const bad = [
      Buffer.alloc(0),
      Buffer.alloc(19),
      Buffer.from('GET / HTTP/1.1\r\n\r\n and more of it'),
      Buffer.concat([Buffer.from('0101', 'hex'), request.subarray(2)]),
      Buffer.concat([request.subarray(0, 2), Buffer.from('0004', 'hex'), request.subarray(4)]),
      Buffer.concat([request.subarray(0, 4), Buffer.alloc(4), request.subarray(8)]),
      Buffer.concat([Buffer.from('000100042112a442', 'hex'), transaction, Buffer.from('8022ffff', 'hex')]),
    ];
    for (const packet of bad) send(packet);
    await whenRefused(bad.length);
    assert.equal(stun.answered, 0);
    send(request);
    await once(client, 'message');
  });

  it('drops what is beyond the rate of one address', async () => {
    for (let sent = 0; sent < 50; sent += 1) send(request);
    await whenRefused(40);
    assert.ok(stun.answered < 11, `${stun.answered}`);
  });

  it('takes nothing apart it should not, whatever comes', () => {
    check(property(uint8Array({ maxLength: 200 }), (bytes) => void isBindingRequest(Buffer.from(bytes))));
  });

  it('says when its port is taken', async () => {
    await assert.rejects(openStun({ host: '127.0.0.1', port: stun.port }), { code: 'PORT_TAKEN' });
  });
});
