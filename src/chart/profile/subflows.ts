import type { Arrow } from './graph.ts';
import type { Relay } from './relay-maker.ts';
import { callType } from './subflow-calls.ts';

/** What comes into a subflow and leaves it, by the ids of the chart. */
export interface SubflowPorts {
  readonly ins: readonly string[];
  readonly outs: readonly SubflowOut[];
}

/** One output of a subflow: that of a box in it, called by the label of the box's own output. */
export interface SubflowOut {
  readonly name: string;
  readonly from: string;
  readonly label: string;
}

/** Where boxes are, as seen from the subflows around them. */
export interface Frames {
  /** The innermost tab or subflow around a box, a subgraph or what stands for an arrow. */
  readonly frameOf: (id: string) => string | undefined;
  /** A subgraph that is a subflow, unless its flow has been written down. */
  readonly isSubflow: (id: string) => boolean;
  readonly nameOf: (id: string) => string;
}

/** Leads arrows into and out of subflows through the node that uses each: Node-RED has no wires across that border. */
export class SubflowPaths {
  readonly ports = new Map<string, { readonly ins: Set<string>; readonly outs: SubflowOut[] }>();
  /** Outputs in subflows that lead outside only: they have no wire of their own. */
  readonly ends: Arrow[] = [];
  readonly #frames: Frames;
  /** What the outputs of each subflow are called. */
  readonly #outNames = new Map<string, { readonly byEnd: Map<string, string>; readonly taken: Set<string> }>();

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** The arrow between the two ends in the same tab or subflow. */
  through(arrow: Arrow): Arrow {
    const { frameOf } = this.#frames;
    let { from, to, label } = arrow;
    for (let frame = frameOf(to); this.#hides(frame, from); frame = frameOf(to)) {
      this.#portsOf(frame).ins.add(to);
      to = useOf(frame);
    }
    for (let frame = frameOf(from); this.#hides(frame, to); frame = frameOf(from)) {
      this.ends.push({ ...arrow, from, to: '', label });
      label = this.#out(frame, from, label);
      from = useOf(frame);
    }
    return { ...arrow, from, to, label };
  }

  /** The node that uses a subflow. */
  use(frame: string): Relay {
    const outs = this.ports.get(frame)?.outs.map(({ name }) => name) ?? [];
    return {
      chartId: useOf(frame),
      name: this.#frames.nameOf(frame),
      type: callType(frame),
      settings: {},
      refers: {},
      outs,
      beside: frame,
      isImplied: true,
      why: `the subgraph ${frame} is a subflow, and here it is used`,
    };
  }

  #hides(frame: string | undefined, other: string): frame is string {
    if (frame === undefined || !this.#frames.isSubflow(frame)) return false;
    for (let at = this.#frames.frameOf(other); at !== undefined; at = this.#frames.frameOf(at)) {
      if (at === frame) return false;
    }
    return true;
  }

  #out(frame: string, from: string, label: string): string {
    const { outs } = this.#portsOf(frame);
    const names = this.#outNames.get(frame) ?? { byEnd: new Map<string, string>(), taken: new Set<string>() };
    this.#outNames.set(frame, names);
    const end = `${from}\0${label}`;
    const known = names.byEnd.get(end);
    if (known !== undefined) return known;
    const free = [label, from, `${from} ${label}`].find((one) => one !== '' && !names.taken.has(one));
    const name = free ?? `out ${outs.length}`;
    names.byEnd.set(end, name);
    names.taken.add(name);
    outs.push({ name, from, label });
    return name;
  }

  #portsOf(frame: string): { readonly ins: Set<string>; readonly outs: SubflowOut[] } {
    const ports = this.ports.get(frame) ?? { ins: new Set<string>(), outs: [] };
    this.ports.set(frame, ports);
    return ports;
  }
}

const useOf = (frame: string): string => `${frame}_call`;
