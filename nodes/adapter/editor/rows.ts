import type { RowsField } from '../../../src/spec/field.ts';
import type { EditorNode, JQuery } from '../../../types/node-red-editor.d.ts';

type Row = Record<string, string>;

/** Fills a field of rows: one input for each column, sortable, with a button to add. */
export function prepareRows(node: EditorNode, name: string, field: RowsField): void {
  const list = listOf(name);
  list.editableList({
    // All rows show: a list with a height of its own scrolls to its last.
    height: 'auto',
    sortable: true,
    removable: true,
    addItem: (container: JQuery, _index: number, row: Row) => addCells(container, field, row),
  });
  for (const row of rowsOf(node, name, field)) list.editableList('addItem', { ...row });
}

/** Reads the rows back into the node. */
export function saveRows(node: EditorNode, name: string, field: RowsField): void {
  const rows: Row[] = [];
  listOf(name)
    .editableList('items')
    .each((_index, element) => {
      const cells = Object.keys(field.columns).map((column) => {
        const value = $(element).find(`[data-column="${column}"]`).val();
        return [column, typeof value === 'string' ? value : ''];
      });
      rows.push(Object.fromEntries(cells));
    });
  if (JSON.stringify(rows) !== JSON.stringify(rowsOf(node, name, field))) {
    node[name] = rows;
    node.changed = true;
  }
}

/** What the runtime takes for the rows: the default where a flow left them out. */
export function rowsOf(node: EditorNode, name: string, field: RowsField): readonly Row[] {
  const rows: unknown = node[name];
  return Array.isArray(rows) ? rows : field.default;
}

/** Forms of config nodes name their inputs otherwise. */
function listOf(name: string): JQuery {
  const list = $(`#node-input-${name}-rows`);
  return list.length > 0 ? list : $(`#node-config-input-${name}-rows`);
}

function addCells(container: JQuery, field: RowsField, row: Row): void {
  // Many cells stand in several lines.
  container.css({ display: 'flex', gap: '6px', 'flex-wrap': 'wrap' });
  const width = Object.keys(field.columns).length > 4 ? '1 1 100px' : '1';
  for (const [column, { label, options }] of Object.entries(field.columns)) {
    const cell = $(options === undefined ? '<input type="text">' : '<select>')
      .attr('data-column', column)
      .attr('aria-label', label)
      .attr('placeholder', label)
      // A select is as wide as its longest text.
      .css(options === undefined ? { flex: width, 'min-width': '0' } : { flex: '1 0 auto', width: 'auto' });
    for (const [value, text] of Object.entries(options ?? {}))
      $('<option>').attr('value', value).text(text).appendTo(cell);
    cell.val(cellText(Reflect.get(row, column), options)).appendTo(container);
  }
}

/** Flows of the core nodes hold true and numbers where a form shows text. */
function cellText(stored: unknown, options: Readonly<Record<string, string>> = {}): string {
  if (typeof stored === 'string') return stored;
  return stored === undefined ? (Object.keys(options)[0] ?? '') : JSON.stringify(stored);
}
