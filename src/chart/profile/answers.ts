import type { Arrow } from './graph.ts';

/** A node that has the other way of a connection, and the settings it has to share for that. */
export interface OtherWay {
  readonly type: string;
  readonly shared: readonly string[];
}

const SIDES = ['link', 'listener'];

/** What answers the messages of a node that takes requests in. */
const ANSWERS: ReadonlyMap<string, OtherWay> = new Map([
  ['http in', { type: 'http response', shared: [] }],
  ['websocket in', { type: 'websocket out', shared: ['server', 'client'] }],
  ['chartwire-http2-in', { type: 'chartwire-http2-response', shared: [] }],
  ['chartwire-mqtt-in', { type: 'chartwire-mqtt-out', shared: ['link'] }],
  ['chartwire-websocket-in', { type: 'chartwire-websocket-out', shared: SIDES }],
  ['chartwire-peer-in', { type: 'chartwire-peer-out', shared: SIDES }],
]);

/** What receives the answers to the messages of a node that only sends. */
export const RECEIVERS: ReadonlyMap<string, OtherWay> = new Map([
  ['websocket out', { type: 'websocket in', shared: ['server', 'client'] }],
  ['chartwire-websocket-out', { type: 'chartwire-websocket-in', shared: SIDES }],
  ['chartwire-peer-out', { type: 'chartwire-peer-in', shared: SIDES }],
  ['chartwire-http2-out', { type: 'chartwire-http2-in', shared: SIDES }],
]);

/** What answers at a box of a type; one that takes messages through a link or listener, not requests, sends through it too. */
export function answering(type: string, settings: Readonly<Record<string, unknown>>): OtherWay | undefined {
  const takesMessages = SIDES.some((side) => Object.hasOwn(settings, side)) && !settings['url'];
  if (type === 'chartwire-http2-in' && takesMessages) return { type: 'chartwire-http2-out', shared: SIDES };
  return ANSWERS.get(type);
}

/** Gives the node type of a box. */
export type TypeOf = (id: string) => string;

/** The arrows between boxes that messages take: an answer ends where its question came in. */
export const waysOf = (arrows: readonly Arrow[], typeOf: TypeOf): Arrow[] =>
  arrows.filter((arrow) => !isAnswer(arrow, typeOf));

/** A box that takes requests in gets no messages: what leads back to it answers them. */
export const isAnswer = ({ to, kind }: Arrow, typeOf: TypeOf): boolean =>
  (kind === 'question' || kind === 'answer') && ANSWERS.has(typeOf(to));

/** A box that only sends gives nothing back: what leads back from it brings what it is answered. */
export const isReply = (arrow: Arrow, typeOf: TypeOf): boolean =>
  (arrow.kind === 'question' || arrow.kind === 'answer') &&
  RECEIVERS.has(typeOf(arrow.from)) &&
  !isAnswer(arrow, typeOf);
