import { holdsChart } from '../../../src/chart/charts-in-text.ts';
import { openDialog, openDialogWith } from './dialog.ts';
import { isChartFile } from './chart-file.ts';

/**
 * Takes charts dropped on the canvas or the tab Chart, and anything dropped on the dialog. Node-RED takes what stands between the first
 * `[` and the last `]` of any drop for a flow, so a chart must be caught before it gets there.
 */
export function catchDrops(): void {
  document.addEventListener('dragover', onDragOver, true);
  document.addEventListener('dragleave', onDragLeave, true);
  document.addEventListener('drop', onDrop, true);
}

const dialogOf = (event: Event): Element | null =>
  event.target instanceof Element
    ? (event.target.closest('.ui-dialog')?.querySelector('.chartwire-chart') ?? null)
    : null;

const isOnCanvas = (event: Event): boolean =>
  event.target instanceof Element &&
  event.target.closest('#red-ui-drop-target, #red-ui-workspace, .chartwire-tab') !== null;

function onDragOver(event: DragEvent): void {
  const dialog = dialogOf(event);
  // Without this the browser opens a file that is dropped on the tab.
  if (event.target instanceof Element && event.target.closest('.chartwire-tab') !== null) event.preventDefault();
  if (dialog === null) return;
  event.preventDefault();
  dialog.classList.add('chartwire-chart-dragging');
}

function onDragLeave(event: DragEvent): void {
  const dialog = dialogOf(event);
  const goesTo = event.relatedTarget;
  if (dialog !== null && !(goesTo instanceof Node && dialog.contains(goesTo)))
    dialog.classList.remove('chartwire-chart-dragging');
}

function onDrop(event: DragEvent): void {
  const data = event.dataTransfer;
  const dialog = dialogOf(event);
  if (data === null || (dialog === null && !isOnCanvas(event))) return;
  dialog?.classList.remove('chartwire-chart-dragging');
  const files = [...data.files];
  const text = data.getData('text/plain');
  const ours = files.length > 0 ? dialog !== null || files.every(isChartFile) : dialog !== null || holdsChart(text);
  if (!ours) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  $('#red-ui-drop-target').css({ display: 'none' });
  if (files.length > 0) void openDialogWith(files);
  else openDialog(text);
}
