import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  reasonCode as code,
  reasonName,
  type Malformed,
  type PacketName,
  type ProtocolLevel,
} from '../../../src/wire/mqtt/index.ts';
import { collector, connackBytes, connectBytes, decodeAll, decodeFirst } from './collect.ts';

/** What is wrong, the packet's bytes (`len` is the remaining length), the reason code of the standard. */
type Row = readonly [what: string, level: ProtocolLevel, bytes: string, code: number, packet: PacketName | undefined];

const { malformedPacket, protocolError, topicAliasInvalid } = code;

const toServer: readonly Row[] = [
  ['packet type 0', 4, '00 len', malformedPacket, undefined],
  ['a remaining length of five bytes', 4, 'c0 ffffffff01', malformedPacket, 'pingreq'],
  ['a remaining length longer than needed', 5, 'c0 8000', malformedPacket, 'pingreq'],
  ['reserved flags of PINGREQ', 4, 'c1 len', malformedPacket, 'pingreq'],
  ['reserved flags of PUBACK', 5, '41 len 0001', malformedPacket, 'puback'],
  ['reserved flags of PUBREC', 5, '58 len 0001', malformedPacket, 'pubrec'],
  ['reserved flags of PUBCOMP', 5, '72 len 0001', malformedPacket, 'pubcomp'],
  ['PUBREL without its flag', 4, '60 len 0001', malformedPacket, 'pubrel'],
  ['SUBSCRIBE without its flag', 4, '80 len 0001 000161 00', malformedPacket, 'subscribe'],
  ['UNSUBSCRIBE without its flag', 4, 'a0 len 0001 000161', malformedPacket, 'unsubscribe'],
  ['PUBREL with DUP after MQTT 3.1', 4, '6a len 0001', malformedPacket, 'pubrel'],
  ['PUBREL at QoS 2', 3, '64 len 0001', malformedPacket, 'pubrel'],
  ['reserved flags of DISCONNECT', 5, 'e1 len', malformedPacket, 'disconnect'],
  ['reserved flags of AUTH', 5, 'f1 len', malformedPacket, 'auth'],
  ['a second CONNECT', 4, connectBytes[4].toString('hex'), protocolError, 'connect'],
  ['CONNACK to a server', 4, '20 len 0000', protocolError, 'connack'],
  ['SUBACK to a server', 4, '90 len 0001 00', protocolError, 'suback'],
  ['UNSUBACK to a server', 4, 'b0 len 0001', protocolError, 'unsuback'],
  ['PINGRESP to a server', 4, 'd0 len', protocolError, 'pingresp'],
  ['AUTH before MQTT 5.0', 4, 'f0 len', protocolError, 'auth'],
  ['PINGREQ with a body', 4, 'c0 len 00', malformedPacket, 'pingreq'],
  ['DISCONNECT with a body before MQTT 5.0', 4, 'e0 len 00', malformedPacket, 'disconnect'],

  ['PUBLISH at QoS 3', 4, '36 len 000161 0001', malformedPacket, 'publish'],
  ['DUP at QoS 0', 4, '38 len 000161', malformedPacket, 'publish'],
  ['PUBLISH without a topic length', 4, '30 len 00', malformedPacket, 'publish'],
  ['PUBLISH without a body', 4, '30 len', malformedPacket, 'publish'],
  ['a topic longer than the packet', 4, '30 len 000561', malformedPacket, 'publish'],
  ['PUBLISH at QoS 1 without packet id', 4, '32 len 000161', malformedPacket, 'publish'],
  ['PUBLISH with packet id 0', 4, '32 len 000161 0000', protocolError, 'publish'],
  ['an empty topic before MQTT 5.0', 4, '30 len 0000 61', protocolError, 'publish'],
  ['an empty topic without alias', 5, '30 len 0000 00', protocolError, 'publish'],
  ['a topic with #', 4, '30 len 000361 2f23', malformedPacket, 'publish'],
  ['a topic with +', 5, '30 len 00012b 00', malformedPacket, 'publish'],
  ['a topic with NUL', 4, '30 len 00036100 62', malformedPacket, 'publish'],
  ['a topic with an overlong form', 4, '30 len 0002c0af', malformedPacket, 'publish'],
  ['a topic with a surrogate', 5, '30 len 0003eda080 00', malformedPacket, 'publish'],
  ['a topic above U+10FFFF', 4, '30 len 0004f4908080', malformedPacket, 'publish'],
  ['a topic cut within a character', 4, '30 len 0002c3 c3', malformedPacket, 'publish'],
  ['a topic of stray bytes', 4, '30 len 000180', malformedPacket, 'publish'],
  ['PUBLISH without property length', 5, '30 len 000161', malformedPacket, 'publish'],
  ['properties longer than the packet', 5, '30 len 000161 05 0101', malformedPacket, 'publish'],
  ['a property length of five bytes', 5, '30 len 000161 ffffffff01', malformedPacket, 'publish'],
  ['a property longer than the properties', 5, '30 len 000161 02 0200000001', malformedPacket, 'publish'],
  ['a flag beyond the properties', 5, '30 len 000161 01 01 70', malformedPacket, 'publish'],
  ['a string beyond the properties', 5, '30 len 000161 02 0300 0161', malformedPacket, 'publish'],
  ['an unknown property', 5, '30 len 000161 02 7f00', malformedPacket, 'publish'],
  ['property id 0', 5, '30 len 000161 02 0000', malformedPacket, 'publish'],
  ['a property of another packet', 5, '30 len 000161 05 1100000001', malformedPacket, 'publish'],
  ['a property twice', 5, '30 len 000161 04 01000100', protocolError, 'publish'],
  ['a property above 31 twice', 5, '30 len 000161 06 230001230001', protocolError, 'publish'],
  ['payload format 2', 5, '30 len 000161 02 0102', protocolError, 'publish'],
  ['a user property that is not UTF-8', 5, '30 len 000161 06 260001ff0000', malformedPacket, 'publish'],
  ['a content type with NUL', 5, '30 len 000161 04 03000100', malformedPacket, 'publish'],
  ['a response topic with #', 5, '30 len 000161 04 08000123', protocolError, 'publish'],
  ['an empty response topic', 5, '30 len 000161 03 080000', protocolError, 'publish'],
  ['a subscription identifier from a client', 5, '30 len 000161 02 0b01', protocolError, 'publish'],
  ['topic alias 0', 5, '30 len 000161 03 230000', topicAliasInvalid, 'publish'],
  ['a topic alias above the maximum', 5, '30 len 000161 03 23000b', topicAliasInvalid, 'publish'],
  ['a topic alias nobody set', 5, '30 len 0000 03 230002', protocolError, 'publish'],

  ['PUBACK with packet id 0', 4, '40 len 0000', protocolError, 'puback'],
  ['PUBACK too short', 4, '40 len 00', malformedPacket, 'puback'],
  ['PUBREC too long before MQTT 5.0', 4, '50 len 000100', malformedPacket, 'pubrec'],
  ['PUBACK with a reason of others', 5, '40 len 0001 92', protocolError, 'puback'],
  ['PUBREL with a reason of others', 5, '62 len 0001 10', protocolError, 'pubrel'],
  ['PUBCOMP with an unknown property', 5, '70 len 0001 00 02 0101', malformedPacket, 'pubcomp'],
  ['PUBREC longer than its properties', 5, '50 len 0001 00 00 00', malformedPacket, 'pubrec'],

  ['SUBSCRIBE without filters', 4, '82 len 0001', malformedPacket, 'subscribe'],
  ['SUBSCRIBE without options', 4, '82 len 0001 000161', malformedPacket, 'subscribe'],
  ['SUBSCRIBE with packet id 0', 4, '82 len 0000 000161 00', protocolError, 'subscribe'],
  ['SUBSCRIBE at QoS 3', 4, '82 len 0001 000161 03', malformedPacket, 'subscribe'],
  ['reserved options of SUBSCRIBE', 4, '82 len 0001 000161 04', malformedPacket, 'subscribe'],
  ['reserved options of SUBSCRIBE at level 5', 5, '82 len 0001 00 000161 40', malformedPacket, 'subscribe'],
  ['retain handling 3', 5, '82 len 0001 00 000161 30', protocolError, 'subscribe'],
  ['a shared subscription with no local', 5, '82 len 0001 00 000a2473686172652f672f61 04', protocolError, 'subscribe'],
  ['subscription identifier 0', 5, '82 len 0001 02 0b00 000161 00', protocolError, 'subscribe'],
  ['a subscription identifier beyond the properties', 5, '82 len 0001 01 0b 000161 00', malformedPacket, 'subscribe'],
  ['two subscription identifiers', 5, '82 len 0001 04 0b010b02 000161 00', protocolError, 'subscribe'],
  ['an empty filter', 4, '82 len 0001 0000 00', malformedPacket, 'subscribe'],
  ['a filter with # inside', 4, '82 len 0001 0003232f61 00', malformedPacket, 'subscribe'],
  ['a filter with # in its level', 4, '82 len 0001 00026123 00', malformedPacket, 'subscribe'],
  ['a filter with + in its level', 4, '82 len 0001 0002612b 00', malformedPacket, 'subscribe'],
  ['a filter that is not UTF-8', 4, '82 len 0001 0001ff 00', malformedPacket, 'subscribe'],
  ['UNSUBSCRIBE without filters', 4, 'a2 len 0001', malformedPacket, 'unsubscribe'],
  ['UNSUBSCRIBE with packet id 0', 5, 'a2 len 0000 00 000161', protocolError, 'unsubscribe'],
  ['UNSUBSCRIBE with NUL', 4, 'a2 len 0001 000100', malformedPacket, 'unsubscribe'],

  ['DISCONNECT with a reason of others', 5, 'e0 len 01', protocolError, 'disconnect'],
  ['AUTH with a reason of others', 5, 'f0 len 01 00', protocolError, 'auth'],
  ['AUTH without a method', 5, 'f0 len 18 00', protocolError, 'auth'],
  ['AUTH with data but no method', 5, 'f0 len 18 04 16000161', protocolError, 'auth'],
];

const toClient: readonly Row[] = [
  ['a second CONNACK', 4, connackBytes[4].toString('hex'), protocolError, 'connack'],
  ['CONNECT to a client', 4, connectBytes[4].toString('hex'), protocolError, 'connect'],
  ['SUBSCRIBE to a client', 4, '82 len 0001 000161 00', protocolError, 'subscribe'],
  ['UNSUBSCRIBE to a client', 4, 'a2 len 0001 000161', protocolError, 'unsubscribe'],
  ['PINGREQ to a client', 4, 'c0 len', protocolError, 'pingreq'],
  ['DISCONNECT to a client before MQTT 5.0', 4, 'e0 len', protocolError, 'disconnect'],
  ['a session expiry in DISCONNECT of a server', 5, 'e0 len 00 05 1100000001', protocolError, 'disconnect'],
  ['SUBACK without codes', 4, '90 len 0001', malformedPacket, 'suback'],
  ['SUBACK with an unknown code', 4, '90 len 0001 03', protocolError, 'suback'],
  ['SUBACK with a code of others', 5, '90 len 0001 00 10', protocolError, 'suback'],
  ['UNSUBACK with codes before MQTT 5.0', 4, 'b0 len 0001 00', malformedPacket, 'unsuback'],
  ['UNSUBACK without codes', 5, 'b0 len 0001 00', malformedPacket, 'unsuback'],
  ['PINGRESP with a body', 4, 'd0 len 00', malformedPacket, 'pingresp'],
  ['a subscription identifier of 0', 5, '30 len 000161 02 0b00', protocolError, 'publish'],
];

const connects: readonly Row[] = [
  ['another packet first', 4, 'c0 len', protocolError, 'pingreq'],
  ['PUBLISH first', 4, '30 len 000161', protocolError, 'publish'],
  ['an unknown protocol name', 4, '10 len 0004484d5454 04 02 0000 0000', code.unsupportedProtocolVersion, 'connect'],
  ['an unknown level', 4, '10 len 00044d515454 06 02 0000 0000', code.unsupportedProtocolVersion, 'connect'],
  [
    'level 3 with the newer name',
    4,
    '10 len 00044d515454 03 02 0000 000161',
    code.unsupportedProtocolVersion,
    'connect',
  ],
  [
    'level 4 with the older name',
    3,
    '10 len 00064d5149736470 04 02 0000 000161',
    code.unsupportedProtocolVersion,
    'connect',
  ],
  ['flags of the fixed header', 4, '14 len 00044d515454 04 02 0000 000161', malformedPacket, 'connect'],
  ['flags of the fixed header', 5, '11 len 00044d515454 05 02 0000 00 000161', malformedPacket, 'connect'],
  ['the reserved flag', 4, '10 len 00044d515454 04 03 0000 0000', malformedPacket, 'connect'],
  ['will QoS without a will', 4, '10 len 00044d515454 04 0a 0000 0000', malformedPacket, 'connect'],
  ['will retain without a will', 5, '10 len 00044d515454 05 22 0000 00 0000', malformedPacket, 'connect'],
  ['will QoS 3', 4, '10 len 00044d515454 04 1e 0000 0000 000161 0000', malformedPacket, 'connect'],
  ['a password without user', 4, '10 len 00044d515454 04 42 0000 0000 000161', malformedPacket, 'connect'],
  ['an empty id that is to stay', 4, '10 len 00044d515454 04 00 0000 0000', code.clientIdentifierNotValid, 'connect'],
  ['an empty id at level 3', 3, '10 len 00064d5149736470 03 02 0000 0000', code.clientIdentifierNotValid, 'connect'],
  ['no client id', 4, '10 len 00044d515454 04 02 0000', malformedPacket, 'connect'],
  ['a client id that is not UTF-8', 4, '10 len 00044d515454 04 02 0000 0001ff', malformedPacket, 'connect'],
  ['bytes too many', 4, '10 len 00044d515454 04 02 0000 0000 00', malformedPacket, 'connect'],
  ['a will without payload', 4, '10 len 00044d515454 04 06 0000 0000 000161', malformedPacket, 'connect'],
  ['a will topic with a wildcard', 4, '10 len 00044d515454 04 06 0000 0000 000123 0000', malformedPacket, 'connect'],
  ['an empty will topic', 4, '10 len 00044d515454 04 06 0000 0000 0000 0000', malformedPacket, 'connect'],
  ['receive maximum 0', 5, '10 len 00044d515454 05 02 0000 03 210000 0000', protocolError, 'connect'],
  ['maximum packet size 0', 5, '10 len 00044d515454 05 02 0000 05 2700000000 0000', protocolError, 'connect'],
  ['request problem information 2', 5, '10 len 00044d515454 05 02 0000 02 1702 0000', protocolError, 'connect'],
  ['request response information 2', 5, '10 len 00044d515454 05 02 0000 02 1902 0000', protocolError, 'connect'],
  ['session expiry twice', 5, '10 len 00044d515454 05 02 0000 0a 11000000011100000001 0000', protocolError, 'connect'],
  ['a property of CONNACK', 5, '10 len 00044d515454 05 02 0000 03 130001 0000', malformedPacket, 'connect'],
  ['a will delay outside the will', 5, '10 len 00044d515454 05 02 0000 05 1800000001 0000', malformedPacket, 'connect'],
  ['authentication data alone', 5, '10 len 00044d515454 05 02 0000 04 16000161 0000', protocolError, 'connect'],
  [
    'a will property of CONNECT',
    5,
    '10 len 00044d515454 05 06 0000 00 0000 03 210001 000161 0000',
    malformedPacket,
    'connect',
  ],
];

const connacks: readonly Row[] = [
  ['PUBLISH first', 4, '30 len 000161', protocolError, 'publish'],
  ['AUTH first before MQTT 5.0', 4, 'f0 len', protocolError, 'auth'],
  ['reserved flags of CONNACK', 4, '20 len 0200', malformedPacket, 'connack'],
  ['a session with a refusal', 4, '20 len 0101', protocolError, 'connack'],
  ['an unknown return code', 4, '20 len 0006', protocolError, 'connack'],
  ['a reason code of others', 5, '20 len 008e00', protocolError, 'connack'],
  ['maximum QoS 2', 5, '20 len 000002 2402', protocolError, 'connack'],
  ['retain available 2', 5, '20 len 000002 2502', protocolError, 'connack'],
  ['no properties', 5, '20 len 0000', malformedPacket, 'connack'],
  ['CONNACK too long', 4, '20 len 000000', malformedPacket, 'connack'],
];

describe('Malformed MQTT', () => {
  table('to a server', toServer, (row) => decodeAll('server', row[1], [bytesOf(row)], 10).malformed);
  table('to a client', toClient, (row) => decodeAll('client', row[1], [bytesOf(row)]).malformed);
  table('to a server that waits', connects, (row) => decodeFirst([bytesOf(row)]).malformed);
  table('to a client that waits', connacks, (row) =>
    collector({ side: 'client', level: row[1] }).decoder.push(bytesOf(row)),
  );

  it('gives the packets before it, and nothing after it', () => {
    const chunk = Buffer.from('c00030050001616162c100c000', 'hex');
    const { decoder, packets } = collector({ side: 'server' });
    decoder.push(connectBytes[4]);
    const malformed = decoder.push(chunk);
    assert.equal(malformed?.packet, 'pingreq');
    assert.deepEqual(
      packets.map(({ type }) => type),
      ['connect', 'pingreq', 'publish'],
    );
    assert.equal(decoder.push(Buffer.from('c000', 'hex')), malformed);
    assert.equal(packets.length, 3);
  });

  it('is told of a packet too large before its body comes', () => {
    const { decoder } = collector({ side: 'server' });
    decoder.push(connectBytes[5]);
    decoder.maxPacketBytes = 100;
    assert.equal(decoder.push(Buffer.from('3062', 'hex')), undefined);
    const other = collector({ side: 'server' }).decoder;
    other.push(connectBytes[5]);
    other.maxPacketBytes = 99;
    const { reasonCode, packet } = other.push(Buffer.from('3062', 'hex'))!;
    assert.deepEqual([reasonCode, packet], [code.packetTooLarge, 'publish']);
  });

  it('leaves the level known, to answer in the words of that level', () => {
    for (const [bytes, level] of [
      ['101000064d5149736470030300000002', 3],
      ['100c00044d515454040300000000', 4],
      ['100d00044d51545405030000000000', 5],
      ['100d00044d51545406030000000000', 5],
      ['100c00044d515454060300000000', undefined],
      ['100d0004484d545405030000000000', undefined],
    ] as const) {
      const { decoder } = collector({ side: 'server' });
      decoder.push(Buffer.from(bytes + '6161', 'hex'));
      assert.equal(decoder.level, level);
    }
  });

  it('is told of a type that may not come before its length comes', () => {
    for (const [byte, packet] of [
      [0x0a, undefined],
      [0xd0, 'pingresp'],
    ] as const) {
      const { decoder } = collector({ side: 'server' });
      decoder.push(connectBytes[5]);
      assert.equal(decoder.push(Buffer.of(byte))?.packet, packet);
    }
  });

  it('takes flags that MQTT 3.1 does not use [MQTT 3.1, 2.1 and 3]', () => {
    const { decoder, packets } = collector({ side: 'server' });
    const texts = ['140f00064d5149736470030300000001 61', '8b06 0001 000161 00', '6b02 0001', 'cf00', 'e100'];
    for (const text of texts) assert.equal(decoder.push(Buffer.from(text.replaceAll(' ', ''), 'hex')), undefined);
    assert.deepEqual(
      packets.map(({ type }) => type),
      ['connect', 'subscribe', 'pubrel', 'pingreq', 'disconnect'],
    );
  });

  it('takes a CONNACK with a byte that MQTT 3.1 does not use', () => {
    const { decoder, packets } = collector({ side: 'client', level: 3 });
    assert.equal(decoder.push(Buffer.from('20020200', 'hex')), undefined);
    assert.deepEqual(packets, [{ type: 'connack', sessionPresent: false, reasonCode: 0, properties: {} }]);
  });

  it('takes a long remaining length from older clients', () => {
    assert.deepEqual(decodeAll('server', 4, [Buffer.from('c0808000', 'hex')]), {
      packets: [{ type: 'pingreq' }],
      malformed: undefined,
    });
  });
});

function table(to: string, rows: readonly Row[], read: (row: Row) => Malformed | undefined): void {
  for (const row of rows) {
    const [what, level, , code, packet] = row;
    it(`${to} at level ${level}: ${what} is ${reasonName(code)}`, () => {
      const malformed = read(row);
      assert.deepEqual([malformed?.reasonCode, malformed?.packet], [code, packet], malformed?.text);
      assert.match(malformed!.text, /^[\w ,.()#+-]+$/);
    });
  }
}

function bytesOf([, , text]: Row): Buffer {
  const [head, body] = text.split('len');
  const after = Buffer.from((body ?? '').replaceAll(' ', ''), 'hex');
  const before = Buffer.from(head!.replaceAll(' ', ''), 'hex');
  return body === undefined ? before : Buffer.concat([before, Buffer.of(after.length), after]);
}
