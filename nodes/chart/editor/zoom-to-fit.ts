import type { Easing } from '../../../types/node-red-editor.d.ts';

/** Above so many nodes every step of an animation is a pause. */
const MOST_ANIMATED = 200;

/** Shows all of the tab; Node-RED's own action, without its animation where that would stutter. */
export function zoomToFit(nodes: number): void {
  const { zoomAnimator } = RED.view;
  const { easeToValuesRAF } = zoomAnimator;
  if (nodes > MOST_ANIMATED) zoomAnimator.easeToValuesRAF = atOnce;
  RED.actions.invoke('core:zoom-fit');
  zoomAnimator.easeToValuesRAF = easeToValuesRAF;
}

function atOnce({ toValues, onStart, onStep, onEnd }: Easing): () => void {
  onStart?.();
  onStep(toValues);
  onEnd?.();
  return () => undefined;
}
