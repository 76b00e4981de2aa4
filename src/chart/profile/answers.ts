import type { Arrow } from './graph.ts';

/** What answers the messages of a node that takes requests in, and which of its settings that has to share. */
export const ANSWERS: ReadonlyMap<string, { readonly type: string; readonly shared: readonly string[] }> = new Map([
  ['http in', { type: 'http response', shared: [] }],
  ['websocket in', { type: 'websocket out', shared: ['server', 'client'] }],
  ['chartwire-http2-in', { type: 'chartwire-http2-response', shared: [] }],
  ['chartwire-mqtt-in', { type: 'chartwire-mqtt-out', shared: ['link'] }],
  ['chartwire-websocket-in', { type: 'chartwire-websocket-out', shared: ['link', 'listener'] }],
]);

/** Gives the node type of a box. */
export type TypeOf = (id: string) => string;

/** The arrows between boxes that messages take: an answer ends where its question came in. */
export const waysOf = (arrows: readonly Arrow[], typeOf: TypeOf): Arrow[] =>
  arrows.filter((arrow) => !isAnswer(arrow, typeOf));

/** A box that takes requests in gets no messages: what leads back to it answers them. */
export const isAnswer = ({ to, kind }: Arrow, typeOf: TypeOf): boolean =>
  (kind === 'question' || kind === 'answer') && ANSWERS.has(typeOf(to));
