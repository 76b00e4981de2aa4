import { RECEIVERS } from './answers.ts';
import type { ControlPlace } from './gates.ts';
import type { Arrow } from './graph.ts';

const ASKING = /request$|^link call$/;

/** What is to be said of a box for its arrows that look like more than a wire, and why they are no more. */
export function notesOf(
  arrows: readonly Arrow[],
  typeOf: (id: string) => string,
  control: ReadonlyMap<string, ControlPlace>,
): ReadonlyMap<string, string> {
  const notes = new Map<string, Set<string>>();
  const note = (id: string, text: string): void => void notes.set(id, (notes.get(id) ?? new Set()).add(text));
  for (const { from, to, kind } of arrows) {
    if (kind === 'question' || kind === 'answer') {
      const asked = [from, to].find((id) => ASKING.test(typeOf(id)) || RECEIVERS.has(typeOf(id)));
      const other = asked === from ? to : from;
      if (asked === undefined) note(from, `its double arrow to ${to} is a wire each way`);
      else note(asked, `its double arrow is the question of ${other} and the answer`);
    }
    if (kind !== 'control') continue;
    const place = control.get(to);
    if (place === 'itself') note(to, `it keeps what its dotted arrow from ${from} brings as msg.control of its data`);
    else if (place !== undefined) note(to, `its gate takes what its dotted arrow from ${from} brings`);
    else note(to, `its dotted arrow from ${from} is a wire like any other`);
  }
  return new Map([...notes].map(([id, texts]) => [id, [...texts].join('; ')]));
}
