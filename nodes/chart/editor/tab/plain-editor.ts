import { element } from '../element.ts';
import { isWhole } from '../is-whole.ts';
import type { CodeEditor, CodeEditorEvents } from './code-editor.ts';

/** A text area: for editors whose settings choose another code editor than Monaco. */
export function plainEditor(
  place: HTMLElement,
  label: string,
  { onChange, onPaste, onCursor }: CodeEditorEvents,
): CodeEditor {
  const area = element('textarea', { 'aria-label': label, spellcheck: 'false', autocomplete: 'off', wrap: 'off' });
  area.addEventListener('input', (event) => {
    onChange();
    if (isWhole(event)) onPaste();
  });
  area.addEventListener('selectionchange', () => {
    if (document.activeElement === area) onCursor(area.selectionStart);
  });
  place.append(area);
  return {
    get text() {
      return area.value;
    },
    replace(text) {
      if (text !== area.value) area.value = text;
    },
    mark(diagnostics) {
      area.setAttribute('aria-invalid', String(diagnostics.some(({ severity }) => severity === 'error')));
    },
    reveal({ start, end }, focus) {
      area.setSelectionRange(start, end);
      const line = area.value.slice(0, start).split('\n').length;
      area.scrollTop = (line - 4) * Number.parseFloat(getComputedStyle(area).lineHeight);
      if (focus) area.focus();
    },
    get hasFocus() {
      return document.activeElement === area;
    },
    layout() {},
  };
}
