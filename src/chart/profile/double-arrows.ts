import { answering, isReply, type OtherWay, RECEIVERS } from './answers.ts';
import type { Arrow } from './graph.ts';
import type { Boxes, Relay } from './relay-maker.ts';

/** Makes what stands for an arrow, and gives its id. */
export type MakeRelay = (arrow: Arrow, end: string, relay: Omit<Relay, 'chartId'>) => string;

/** What stands for double arrows at boxes that are one way of a connection only. */
export class DoubleArrows {
  readonly #boxes: Boxes;
  readonly #make: MakeRelay;
  /** What receives for a box that only sends. */
  readonly #receivers = new Map<string, string>();

  constructor(boxes: Boxes, make: MakeRelay, arrows: readonly Arrow[]) {
    this.#boxes = boxes;
    this.#make = make;
    for (const arrow of arrows) {
      if (isReply(arrow, boxes.typeOf) && !this.#receivers.has(arrow.from)) this.#receive(arrow);
    }
  }

  /** Where the messages come from that a box sends on. */
  receiverOf(id: string): string {
    return this.#receivers.get(id) ?? id;
  }

  /** The way back to who asked at a box that takes requests in. */
  answered(arrow: Arrow): Arrow[] {
    const { to } = arrow;
    const type = this.#boxes.typeOf(to);
    const answer = answering(type, this.#boxes.settingsOf(to));
    if (!answer) return [arrow];
    const relay = {
      name: arrow.label || 'answer',
      type: answer.type,
      settings: this.#shared(to, answer),
      refers: {},
      beside: to,
      why: `the double arrow brings the answer to what came in at ${to}`,
    };
    const id = this.#make(arrow, '_answer', relay);
    const before = addressing(type, relay);
    if (!before) return [{ ...arrow, to: id }];
    const { name, rule, why } = before;
    const made = { ...relay, name, type: 'chartwire-set', settings: { rules: [rule] }, why: `${why} ${to}` };
    return through(arrow, this.#make(arrow, '_return', made), id);
  }

  /** What comes back over the connection of a box that only sends, to the box that asked. */
  replied(arrow: Arrow): Arrow[] {
    const { to } = arrow;
    const back = this.#make(arrow, '_return', {
      name: arrow.label || 'answer',
      type: 'chartwire-set',
      settings: {},
      refers: {},
      beside: to,
      isReturn: true,
      why: `an answer ends at ${to}, which asked: loop guards know it as a message that has been there`,
    });
    return through({ ...arrow, from: this.receiverOf(arrow.from) }, back, to);
  }

  #receive(arrow: Arrow): void {
    const { from } = arrow;
    const receiver = RECEIVERS.get(this.#boxes.typeOf(from));
    if (!receiver) return;
    const id = this.#make(arrow, '_answer', {
      name: arrow.label || 'answers',
      type: receiver.type,
      settings: this.#shared(from, receiver),
      refers: {},
      beside: from,
      why: `the double arrow brings what comes back over the connection of ${from}`,
    });
    this.#receivers.set(from, id);
  }

  #shared(id: string, { shared }: OtherWay): Record<string, unknown> {
    const given = this.#boxes.settingsOf(id);
    return Object.fromEntries(shared.filter((name) => Object.hasOwn(given, name)).map((name) => [name, given[name]]));
  }
}

const through = (arrow: Arrow, between: string, to: string): Arrow[] => [
  { ...arrow, to: between },
  { ...arrow, from: between, to, label: '' },
];

/** What an answer must be told before it goes, so that it reaches who asked and nobody else. */
function addressing(
  type: string,
  { settings }: Pick<Relay, 'settings'>,
): { name: string; rule: object; why: string } | undefined {
  if (type === 'chartwire-mqtt-in') {
    return {
      name: 'to the response topic',
      rule: { t: 'delete', p: 'topic', pt: 'msg' },
      // A publisher looks at the topic first, and the question's own is still in the message.
      why: 'the answer goes to the response topic of the question, not to the topic of',
    };
  }
  if (type !== 'chartwire-peer-in' || !Object.hasOwn(settings, 'listener')) return undefined;
  return {
    name: 'to the peer that asked',
    rule: { t: 'set', p: 'peer', pt: 'msg', to: 'from', tot: 'msg' },
    why: 'the answer goes to the peer that asked, not to all peers of',
  };
}
