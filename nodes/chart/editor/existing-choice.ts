import { element } from './element.ts';
import type { Existing } from './import-flow.ts';
import { word } from './words.ts';

export type Choice = 'copy' | 'replace';

/** The question what to do with a chart that is in the editor already; nothing is lost by the answer it opens with. */
export class ExistingChoice {
  readonly element: HTMLElement;
  readonly #copy = element('input', { type: 'radio', name: 'chartwire-chart-existing', checked: true });
  readonly #replace = element('input', { type: 'radio', name: 'chartwire-chart-existing' });

  constructor() {
    this.element = element(
      'div',
      { class: 'chartwire-chart-existing', role: 'radiogroup', 'aria-label': word('existing.title') },
      element('p', {}, word('existing.title')),
      element('label', {}, this.#copy, word('existing.copy')),
      element('label', {}, this.#replace, word('existing.replace')),
    );
    this.show([]);
  }

  get choice(): Choice {
    return this.#replace.checked ? 'replace' : 'copy';
  }

  show(existing: readonly Existing[]): void {
    this.element.hidden = existing.length === 0;
    this.#replace.disabled = existing.some(({ canReplace }) => !canReplace);
    if (existing.length === 0 || this.#replace.disabled) this.#copy.checked = true;
  }
}
