import type { Loops } from './loops.ts';
import type { Step } from './step.ts';
import { ROUTE, STEP } from './types.ts';

/** Only a step can guard a circle: where there is none, a decision stays one, with all its wires on one output. */
export function stepsForCircles(
  circles: Loops['circles'],
  steps: Map<string, Step>,
  asStep: (id: string) => Step | undefined,
): void {
  for (const circle of circles) {
    if (steps.get(circle.first)?.type === STEP || steps.get(circle.last)?.type === STEP) continue;
    const ids = [...circle];
    if (ids.some((id) => steps.get(id)?.type === STEP)) continue;
    const id = ids.find((one) => steps.get(one)?.type === ROUTE);
    const step = id === undefined ? undefined : asStep(id);
    if (id !== undefined && step) steps.set(id, step);
  }
}

/** Copies of one message arrive close together: so many messages are enough to know them by. */
const MESSAGES_SEEN = 1000;

type Places = 'entries' | 'guarded' | 'once' | 'controlled';

/** Settings that a plain step has by where it stands. */
export function atItsPlace(
  step: Step,
  { entries, guarded, once, controlled }: Readonly<Record<Places, ReadonlySet<string>>>,
): Step {
  if (step.type !== STEP) return step;
  const test = entries.has(step.chartId) && { test: true };
  const guard = guarded.has(step.chartId) && { guard: true };
  const passOnce = once.has(step.chartId) && { once: MESSAGES_SEEN };
  const control = controlled.has(step.chartId) && { control: true };
  return { ...step, settings: { ...test, ...guard, ...passOnce, ...control, ...step.settings } };
}
