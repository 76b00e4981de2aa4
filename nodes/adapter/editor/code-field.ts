import type { EditorNode } from '../../../types/node-red-editor.d.ts';

/** What Node-RED's code editors have in common, whichever of them it is set to use. */
interface CodeEditor {
  getValue(): string;
  destroy(): void;
  updateOptions?(options: { readonly ariaLabel: string }): void;
}

/** What the code of a script may use without saying where it comes from. */
const GLOBALS = {
  msg: true,
  node: true,
  context: true,
  flow: true,
  global: true,
  env: true,
  RED: true,
  Buffer: true,
  util: true,
  promisify: true,
  console: true,
  URL: true,
  URLSearchParams: true,
  setTimeout: true,
  clearTimeout: true,
  setInterval: true,
  clearInterval: true,
};

/** The editors of the form that is open, each with the input whose text it edits. */
let open: { readonly editor: CodeEditor; readonly input: HTMLTextAreaElement }[] = [];

/** Puts Node-RED's code editor in the place of an input. */
export function prepareCode(node: EditorNode, name: string, label: string): void {
  const input = $(`#node-input-${name}`)[0];
  if (!(input instanceof HTMLTextAreaElement)) return;
  const place = document.createElement('div');
  place.className = 'node-text-editor chartwire-code';
  input.after(place);
  input.hidden = true;
  const { id, type, z } = node;
  const editor = RED.editor.createEditor({
    element: place,
    mode: 'ace/mode/nrjavascript',
    value: input.value,
    stateId: `${id}/${name}`,
    node: { id, type, z },
    globals: GLOBALS,
  }) as CodeEditor;
  editor.updateOptions?.({ ariaLabel: label });
  open.push({ editor, input });
}

/** Gives what was written to the inputs, where the form reads it, and ends the editors. */
export function saveCode(): void {
  for (const { editor, input } of open) input.value = editor.getValue();
  closeCode();
}

export function closeCode(): void {
  for (const { editor } of open) editor.destroy();
  open = [];
}
