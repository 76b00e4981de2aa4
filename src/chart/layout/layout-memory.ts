import type { Layout, LayoutPlan, Places } from './plan.ts';

/** Boxes whose places are kept, in all: some megabytes. */
const MOST_BOXES = 10_000;

/**
 * The same layout, which says at once again what it said lately: a chart is asked about when it is checked, again under
 * another name, and for a copy, and always stands in the same places.
 */
export function withMemory(layout: Layout): Layout {
  const known = new Map<string, Places>();
  const forget = (): void => {
    let boxes = 0;
    for (const [key, places] of [...known].toReversed()) {
      boxes += places.size;
      if (boxes > MOST_BOXES) known.delete(key);
    }
  };
  return async (plan: LayoutPlan, signal?: AbortSignal): Promise<Places> => {
    const key = JSON.stringify(plan);
    const places = known.get(key) ?? (await layout(plan, signal));
    // The last asked for is the last forgotten.
    known.delete(key);
    known.set(key, places);
    forget();
    return places;
  };
}
