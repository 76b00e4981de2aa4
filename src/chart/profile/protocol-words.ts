import type { ProtocolName } from '../../endpoint/traits.ts';

const PROTOCOL_WORDS: readonly (readonly [RegExp, ProtocolName])[] = [
  [/\bmqtts?\b/i, 'mqtt'],
  [/\bhttps?\b|\bhttp\/?2\b|\brest\b/i, 'http2'],
  [/\bweb ?sockets?\b|\bwss?\b/i, 'websocket'],
  [/\bpeer(?:[ -]to[ -]peer)?\b|\bp2p\b/i, 'peer'],
];

/** The one protocol a label names, if it names one. */
export function protocolOf(label: string): ProtocolName | undefined {
  const named = PROTOCOL_WORDS.filter(([words]) => words.test(label));
  return named.length === 1 ? named[0]?.[1] : undefined;
}
