import type { Easing } from '../../../types/node-red-editor.d.ts';

/** Above so many nodes every step of an animation is a pause. */
const MOST_ANIMATED = 200;

/** Shows all of the tab; Node-RED's own action, without its animation where that would stutter. */
export function zoomToFit(): void {
  // Nodes are measured when they are drawn first. With one that has no size yet the zoom would be no number, and the canvas empty.
  RED.view.redraw(true, true);
  const { zoomAnimator } = RED.view;
  const { easeToValuesRAF } = zoomAnimator;
  const nodes = RED.nodes.filterNodes({ z: RED.workspaces.active() });
  if (nodes.length > MOST_ANIMATED) zoomAnimator.easeToValuesRAF = atOnce;
  RED.actions.invoke('core:zoom-fit');
  zoomAnimator.easeToValuesRAF = easeToValuesRAF;
}

function atOnce({ toValues, onStart, onStep, onEnd }: Easing): () => void {
  onStart?.();
  onStep(toValues);
  onEnd?.();
  return () => undefined;
}
