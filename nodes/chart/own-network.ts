import { BlockList, isIPv6 } from 'node:net';

/** Addresses that mean this machine or its own network (RFC 6890). */
const own = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
] as const)
  own.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  own.addSubnet(net, prefix, 'ipv6');

/** True for an address out in the world. One of IPv4 in the clothes of IPv6 is looked up among those of IPv4. */
export const admits = (address: string): boolean => !own.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
