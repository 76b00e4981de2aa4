import { holdsChart } from '../../../src/chart/charts-in-text.ts';
import { openDialog } from './dialog.ts';

const PASTE = 'core:paste-from-internal-clipboard';
/** The browser's paste follows the key at once; without a clipboard it does not come. In ms. */
const PASTE_COMES_WITHIN_MS = 100;

let waiting: number | undefined;

/**
 * Opens the dialog when a chart is pasted on the canvas. Node-RED answers Ctrl+V on the canvas with its own clipboard
 * and so keeps the browser's paste from coming: the key is held back until it is known what would be pasted.
 */
export function catchPaste(): void {
  document.addEventListener('keydown', onKey, true);
  document.addEventListener('paste', onPaste, true);
}

function onKey(event: KeyboardEvent): void {
  if (!isPasteKey(event) || !isOnCanvas(event.target)) return;
  event.stopImmediatePropagation();
  waiting = window.setTimeout(pasteNodes, PASTE_COMES_WITHIN_MS);
}

function onPaste(event: ClipboardEvent): void {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  const held = waiting !== undefined;
  clearTimeout(waiting);
  waiting = undefined;
  if (!isWriting(event.target) && holdsChart(text)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    openDialog(text);
  } else if (held) pasteNodes();
}

function pasteNodes(): void {
  waiting = undefined;
  RED.actions.invoke(PASTE);
}

/** True for Ctrl+V, as long as the user has not given it to another action. */
function isPasteKey(event: KeyboardEvent): boolean {
  const isV = event.key.toLowerCase() === 'v' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  return isV && RED.keyboard.getShortcut(PASTE)?.key === 'ctrl-v';
}

const isOnCanvas = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('#red-ui-workspace') !== null && !isWriting(target);

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input, textarea, select, [contenteditable], .red-ui-editor-dialog, .monaco-editor') !== null;
