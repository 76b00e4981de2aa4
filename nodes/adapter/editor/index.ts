import type { Definition } from '../../../src/spec/definition.ts';
import type { EditorNode } from '../../../types/node-red-editor.d.ts';
import { closeCode, prepareCode, saveCode } from './code-field.ts';
import { completeText } from './complete-text.ts';
import { prepareRows, rowsOf, saveRows } from './rows.ts';
import { showDefault } from './show-default.ts';
import { addFusedWires } from './fused-wires.ts';
import { pressButton } from './press-button.ts';
import './style.ts';

/** What the generated node files call: one object, made before any node is registered. */
interface ChartwireEditor {
  valid(type: string, field: string, value: unknown, options?: { label?: string }): boolean | string;
  prepare(node: EditorNode, type: string): void;
  save(node: EditorNode, type: string): void;
  rowLabel(node: EditorNode, type: string, index: number): string;
  showsButton(node: EditorNode, type: string): boolean;
  press(node: EditorNode): void;
  closeCode(): void;
}

declare global {
  interface Window {
    Chartwire: ChartwireEditor;
  }
}

/** Gives the editor every definition, so that forms and validators are the runtime's own. */
export function install(definitions: readonly Definition[]): void {
  const byType = new Map(definitions.map((definition) => [definition.type as string, definition]));
  const definitionOf = (type: string): Definition => {
    const definition = byType.get(type);
    if (definition === undefined) throw new Error(`no definition for ${type}`);
    return definition;
  };
  addFusedWires();
  window.Chartwire = {
    valid(type, name, value, options) {
      const field = definitionOf(type).fields[name];
      // What a flow leaves out has its default: it was made by hand, or before there was such a setting.
      const problem = field?.problem(value === undefined ? field.default : value);
      if (problem === undefined) return true;
      return options === undefined ? false : `${field?.label ?? name} ${problem}`;
    },
    prepare(node, type) {
      for (const [name, field] of Object.entries(definitionOf(type).fields)) {
        if (node[name] === undefined) showDefault(name, field);
        if (field.kind === 'rows') prepareRows(node, name, field);
        if (field.kind === 'text' && field.completedBy !== undefined) completeText(node, name, field.completedBy);
        if (field.kind === 'text' && field.code) prepareCode(node, name, field.label);
      }
    },
    save(node, type) {
      const definition = definitionOf(type);
      const { fields, inputs, outputs } = definition;
      saveCode();
      for (const [name, field] of Object.entries(fields)) {
        if (field.kind === 'rows') saveRows(node, name, field);
        // The form gives text; the flow keeps figures.
        if (field.kind === 'number') {
          const input =
            $(`#node-input-${name}`).length > 0 ? $(`#node-input-${name}`) : $(`#node-config-input-${name}`);
          input.val(String(Number(input.val())));
        }
      }
      if (typeof inputs === 'object') {
        const isSo = ([name, value]: [string, string]): boolean => $(`#node-input-${name}`).val() === value;
        node['inputs'] = Object.entries(inputs.whileAny).some(isSo) ? 1 : 0;
      }
      if (typeof outputs === 'object') node.outputs = rowsIn(node, definition, outputs.rowsOf).length;
    },
    rowLabel(node, type, index) {
      const definition = definitionOf(type);
      const { outputs } = definition;
      if (typeof outputs === 'number') return '';
      return rowsIn(node, definition, outputs.rowsOf)[index]?.[outputs.labelledBy] ?? '';
    },
    showsButton(node, type) {
      return definitionOf(type).button?.atEntry !== true || RED.nodes.getNodeLinks(node.id, 1).length === 0;
    },
    press: pressButton,
    closeCode,
  };
}

function rowsIn(node: EditorNode, { fields }: Definition, name: string): readonly Readonly<Record<string, string>>[] {
  const field = fields[name];
  return field?.kind === 'rows' ? rowsOf(node, name, field) : [];
}
