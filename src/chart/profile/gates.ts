import type { Arrow } from './graph.ts';
import type { Boxes, Relay } from './relay-maker.ts';
import { isSink, isSource, STEP } from './types.ts';

/** A step takes control itself; for any other box a step in front of it does, or behind it where the box takes no messages. */
export type ControlPlace = 'itself' | 'before' | 'behind';

/** Where boxes of a type take control. `hasData` says whether data come too. Undefined: a dotted arrow is a wire, or leads nowhere. */
export function controlPlace(type: string, hasData: boolean): ControlPlace | undefined {
  if (isSource(type)) return isSink(type) ? undefined : 'behind';
  if (!hasData || type === 'comment') return undefined;
  return type === STEP ? 'itself' : 'before';
}

/** Messages begin at boxes of such a type, whatever leads to them. */
export const bringsData = (type: string): boolean => isSource(type) || /\bmqtt[ -]in$/.test(type);

/** The steps that take control for boxes which cannot themselves. */
export class Gates {
  readonly arrows: Arrow[] = [];
  readonly #before = new Map<string, string>();
  readonly #behind = new Map<string, string>();

  constructor({ controlOf }: Pick<Boxes, 'controlOf'>, put: (relay: Relay) => string, arrows: readonly Arrow[]) {
    for (const arrow of arrows) {
      const { to, kind } = arrow;
      const place = kind === 'control' ? controlOf(to) : undefined;
      if (place === undefined || place === 'itself' || this.gateOf(to) !== to) continue;
      const gate = put(relayFor(to, place));
      (place === 'before' ? this.#before : this.#behind).set(to, gate);
      const way = { ...arrow, kind: 'data' as const, label: '' };
      this.arrows.push(place === 'before' ? { ...way, from: gate, to } : { ...way, from: to, to: gate });
    }
  }

  /** Where messages to a box have to go, and where those from it come from. */
  entryOf(id: string): string {
    return this.#before.get(id) ?? id;
  }

  exitOf(id: string): string {
    return this.#behind.get(id) ?? id;
  }

  /** What takes the control of a box. */
  gateOf(id: string): string {
    return this.#before.get(id) ?? this.#behind.get(id) ?? id;
  }
}

function relayFor(to: string, place: 'before' | 'behind'): Relay {
  const what = place === 'before' ? `what comes to ${to}` : `what ${to} brings`;
  return {
    chartId: `${to}_gate`,
    name: `gate of ${to}`,
    type: STEP,
    settings: { control: true },
    refers: {},
    beside: to,
    why: `a dotted arrow leads to ${to}, so ${what} can be paused, resumed, stopped and started, and gets msg.control`,
  };
}
