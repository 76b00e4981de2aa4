/** STUN, RFC 8489, 5: type u16, length u16, cookie u32, transaction id of 12 bytes, attributes. */
export const HEADER_BYTES = 20;
const COOKIE = 0x2112_a442;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const XOR_MAPPED_ADDRESS = 0x0020;
const MAPPED_BYTES = { IPv4: 8, IPv6: 20 } as const;
const FAMILY = { IPv4: 1, IPv6: 2 } as const;

/** Where a packet came from, as node:dgram tells it. */
export interface Origin {
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly port: number;
}

/** Whether this is a binding request: nothing else is answered. Attributes are checked for their lengths only. */
export function isBindingRequest(packet: Buffer): boolean {
  if (packet.length < HEADER_BYTES || packet.readUInt16BE(0) !== BINDING_REQUEST) return false;
  if (packet.readUInt32BE(4) !== COOKIE || packet.readUInt16BE(2) !== packet.length - HEADER_BYTES) return false;
  let at = HEADER_BYTES;
  while (at < packet.length) {
    if (at + 4 > packet.length) return false;
    at += 4 + Math.ceil(packet.readUInt16BE(at + 2) / 4) * 4;
  }
  return at === packet.length;
}

/** The answer: where the request came from, hidden from NATs that rewrite addresses they see (RFC 8489, 14.2). */
export function bindingSuccess(request: Buffer, { address, family, port }: Origin): Buffer {
  const bytes = MAPPED_BYTES[family];
  const answer = Buffer.alloc(HEADER_BYTES + 4 + bytes);
  answer.writeUInt16BE(BINDING_SUCCESS, 0);
  answer.writeUInt16BE(4 + bytes, 2);
  request.copy(answer, 4, 4, HEADER_BYTES);
  answer.writeUInt16BE(XOR_MAPPED_ADDRESS, HEADER_BYTES);
  answer.writeUInt16BE(bytes, HEADER_BYTES + 2);
  answer.writeUInt8(FAMILY[family], HEADER_BYTES + 5);
  answer.writeUInt16BE(port ^ (COOKIE >>> 16), HEADER_BYTES + 6);
  const plain = family === 'IPv4' ? ipv4Bytes(address) : ipv6Bytes(address);
  for (const [index, byte] of plain.entries()) {
    // The mask is cookie and transaction id, which stand there in one.
    answer.writeUInt8(byte ^ answer.readUInt8(4 + index), HEADER_BYTES + 8 + index);
  }
  return answer;
}

function ipv4Bytes(address: string): number[] {
  return address.split('.').map(Number);
}

/** Takes what the system prints: groups in hex, one `::`, perhaps an IPv4 tail and a zone. */
function ipv6Bytes(text: string): number[] {
  const [address = ''] = text.split('%');
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: 16 - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after];
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return ipv4Bytes(group);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
