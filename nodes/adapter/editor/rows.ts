import type { RowsField } from '../../../src/spec/field.ts';
import type { EditorNode, JQuery } from '../../../types/node-red-editor.d.ts';

type Row = Record<string, string>;

/** Fills a field of rows: one input for each column, sortable, with a button to add. */
export function prepareRows(node: EditorNode, name: string, field: RowsField): void {
  const list = listOf(name);
  list.css({ 'min-height': '120px', 'min-width': '360px' }).editableList({
    sortable: true,
    removable: true,
    addItem: (container: JQuery, _index: number, row: Row) => addCells(container, field, row),
  });
  const rows = node[name];
  for (const row of Array.isArray(rows) ? rows : []) list.editableList('addItem', row);
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
  if (JSON.stringify(rows) !== JSON.stringify(node[name])) {
    node[name] = rows;
    node.changed = true;
  }
}

/** Forms of config nodes name their inputs otherwise. */
function listOf(name: string): JQuery {
  const list = $(`#node-input-${name}-rows`);
  return list.length > 0 ? list : $(`#node-config-input-${name}-rows`);
}

function addCells(container: JQuery, field: RowsField, row: Row): void {
  container.css({ display: 'flex', gap: '6px' });
  for (const [column, { label, options }] of Object.entries(field.columns)) {
    const cell = $(options === undefined ? '<input type="text">' : '<select>')
      .attr('data-column', column)
      .attr('aria-label', label)
      .attr('placeholder', label)
      .css({ flex: '1' });
    for (const [value, text] of Object.entries(options ?? {}))
      $('<option>').attr('value', value).text(text).appendTo(cell);
    cell.val(row[column] ?? Object.keys(options ?? {})[0] ?? '').appendTo(container);
  }
}
