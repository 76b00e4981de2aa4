import { isAnswer, isReply } from './answers.ts';
import { DoubleArrows } from './double-arrows.ts';
import { type ControlPlace, Gates } from './gates.ts';
import type { Arrow } from './graph.ts';
import type { SubflowPorts } from './subflows.ts';

/** A node of the flow that stands for an arrow which is more than a wire. */
export interface Relay {
  /** The id of the arrow and what it does; a box of this id, when the chart has one, is this node. */
  readonly chartId: string;
  readonly name: string;
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Settings that hold ids of nodes, by the ids of the chart. */
  readonly refers: Readonly<Record<string, string | readonly string[]>>;
  /** The id of the arrow it stands for, when it stands for one. */
  readonly edge?: string;
  /** The box whose tab and group it stands in. */
  readonly beside: string;
  readonly why: string;
  /** The box whose link to another chart it is. */
  readonly linkOf?: string;
  /** No arrow stands for it: it is there unless the flow block says `as: none` of it. */
  readonly isImplied?: true;
  /** The labels of its outputs, when it has several. */
  readonly outs?: readonly string[];
  /** It brings answers back: the loop guards of the chart let them go no further. */
  readonly isReturn?: true;
}

/** What is known of the boxes when arrows become wires. */
export interface Boxes {
  /** The node type of a box and the settings the chart gives it. */
  readonly typeOf: (id: string) => string;
  readonly settingsOf: (id: string) => Readonly<Record<string, unknown>>;
  /** The tab a box has for itself, undefined in that of the chart. */
  readonly tabOf: (id: string) => string | undefined;
  /** The edge host a box is for. */
  readonly hostOf: (id: string) => string | undefined;
  readonly isBox: (id: string) => boolean;
  /** How a box takes control apart from its data; undefined where a dotted arrow is a wire. */
  readonly controlOf: (id: string) => ControlPlace | undefined;
  /** Subgraphs that are subflows, and are not written down from a flow. */
  readonly subflows: readonly string[];
  /** The ports of those subflows that boxes of the chart call, for when no arrow leads into them. */
  readonly called: ReadonlyMap<string, SubflowPorts>;
  readonly nameOf: (id: string) => string;
  /** Written down from a flow, which has all its nodes already. */
  readonly isExact: (id: string) => boolean;
  /** Begins the topics between edge hosts. */
  readonly chart: string;
}

/** The link to the broker that a controller and its edge hosts share, as a part of the chart. */
export const FLEET_LINK = '$fleet';

/** Makes what stands for arrows, each with an id of its own. */
export class RelayMaker {
  readonly relays: Relay[] = [];
  readonly #byId = new Map<string, Relay>();
  readonly #boxes: Boxes;
  readonly #double: DoubleArrows;
  readonly #gates: Gates;

  constructor(boxes: Boxes, arrows: readonly Arrow[]) {
    this.#boxes = boxes;
    this.#double = new DoubleArrows(boxes, (arrow, end, relay) => this.#add(arrow, end, relay), arrows);
    this.#gates = new Gates(boxes, (relay) => this.#put(relay), arrows);
  }

  /** One Catch for all that may fail, and what it leads to. */
  caught(failures: readonly Arrow[]): Arrow[] {
    const [first] = failures;
    if (!first) return [];
    const scope = distinct(failures.map(({ from }) => from));
    const from = this.#add(first, '_failed', {
      name: first.label || `failures of ${first.edge.start}`,
      type: 'catch',
      settings: { uncaught: false },
      refers: { scope },
      beside: first.from,
      why: `the arrow with a cross leads away what fails at ${scope.join(', ')}`,
    });
    const targets = distinct(failures.map(({ to }) => this.#gates.entryOf(to)));
    return targets.map((to) => ({ ...first, from, to, kind: 'data', label: '' }));
  }

  /** An arrow between two boxes, with what stands in it. */
  between(arrow: Arrow): Arrow[] {
    if (arrow.kind === 'failure') return [];
    if (isAnswer(arrow, this.#boxes.typeOf)) return this.#double.answered(arrow);
    if (isReply(arrow, this.#boxes.typeOf)) return this.#double.replied(arrow);
    const from = this.#gates.exitOf(this.#double.receiverOf(arrow.from));
    const way = from === arrow.from ? arrow : { ...arrow, from };
    if (arrow.kind === 'control' && this.#boxes.controlOf(arrow.to) !== undefined) return this.#controlled(way);
    return [{ ...way, to: this.#gates.entryOf(arrow.to) }];
  }

  #controlled(arrow: Arrow): Arrow[] {
    const { to, label } = arrow;
    const id = this.#add(arrow, '_control', {
      name: label || 'control',
      type: 'chartwire-set',
      settings: { rules: [{ t: 'set', p: 'action', pt: 'msg', to: 'control', tot: 'str' }] },
      refers: {},
      beside: to,
      why: `the arrow is dotted, so what comes over it controls ${to}`,
    });
    return [
      { ...arrow, to: id },
      { ...arrow, from: id, to: this.#gates.gateOf(to), label: '' },
    ];
  }

  /** Between boxes and the gates that take control for them. */
  get gated(): readonly Arrow[] {
    return this.#gates.arrows;
  }

  crosses({ from, to }: Arrow): boolean {
    if (this.#boxes.isExact(from) || this.#boxes.isExact(to)) return false;
    const [start, end] = [this.placeOf(from), this.placeOf(to)];
    return start.some((part, index) => part !== end[index]);
  }

  /** Adds what was made elsewhere. */
  add(relay: Relay): void {
    this.#byId.set(relay.chartId, relay);
    this.relays.push(relay);
  }

  /** Tab and edge host. */
  placeOf(id: string): [string | undefined, string | undefined] {
    const beside = this.#byId.get(id)?.beside ?? id;
    return [this.#boxes.tabOf(beside), this.#boxes.hostOf(beside)];
  }

  /** A pair of nodes that carries messages from one tab, or one edge host, to another. */
  carried(arrows: readonly Arrow[]): Arrow[] {
    const [first] = arrows;
    if (!first) return [];
    const hosts = this.placeOf(first.from)[1] !== this.placeOf(first.to)[1];
    const besides = [first.from, first.to].map((id) => this.#byId.get(id)?.beside ?? id);
    const name = first.label || nameOf(first);
    const [sending, receiving] = [this.#free(`${first.edge.id}_out`), this.#free(`${first.edge.id}_in`)];
    const why = hosts
      ? 'the arrow leads to another host, over the broker of the controller'
      : 'the arrow leads to another tab';
    const topic = { topic: topicOf(this.#boxes.chart, first.edge.id) };
    const [from, to] = [
      { type: hosts ? 'chartwire-mqtt-out' : 'link out', settings: hosts ? topic : { mode: 'link' }, other: receiving },
      { type: hosts ? 'chartwire-mqtt-in' : 'link in', settings: hosts ? topic : {}, other: sending },
    ].map(({ type, settings, other }, end) =>
      this.#add(first, end === 0 ? '_out' : '_in', {
        name,
        type,
        settings,
        refers: hosts ? { link: FLEET_LINK } : { links: [other] },
        beside: besides[end] ?? first.from,
        why,
      }),
    );
    if (from === undefined || to === undefined) return [];
    return [
      ...distinct(arrows.map((arrow) => arrow.from)).map((start) => ({ ...first, from: start, to: from })),
      ...distinct(arrows.map((arrow) => arrow.to)).map((end) => ({ ...first, from: to, to: end, label: '' })),
    ];
  }

  #add({ edge }: Arrow, end: string, relay: Omit<Relay, 'chartId'>): string {
    return this.#put({ ...relay, chartId: `${edge.id}${end}`, edge: edge.id });
  }

  #put(relay: Relay): string {
    const chartId = this.#free(relay.chartId);
    this.add({ ...relay, chartId, ...(this.#boxes.isBox(chartId) && { beside: chartId }) });
    return chartId;
  }

  #free(id: string): string {
    let free = id;
    for (let count = 2; this.#byId.has(free); count += 1) free = `${id}_${count}`;
    return free;
  }
}

const nameOf = ({ edge: { start, end } }: Arrow): string => `${start} to ${end}`;

/** A topic without characters that mean something in a topic filter, and not too long for one. */
const topicOf = (chart: string, edge: string): string =>
  ['chart', chart.slice(0, LONGEST_LEVEL), edge]
    .map((level) => level.toWellFormed().replaceAll(/[+#/\s\p{Cc}]+/gu, '-'))
    .join('/');

const LONGEST_LEVEL = 200;

const distinct = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];
