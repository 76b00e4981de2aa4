/** True when a text was put in at once, by a paste or a drop: nobody is in the middle of writing it. */
export const isWhole = (event: Event): boolean =>
  event instanceof InputEvent && ['insertFromPaste', 'insertFromDrop'].includes(event.inputType);
