import type { EditorNode } from '../../../types/node-red-editor.d.ts';

/** Proposes what plugins of this type know while somebody writes. */
export function completeText(node: EditorNode, name: string, completionPluginType: string): void {
  $(`#node-input-${name}`).autoComplete({ minLength: 0, completionPluginType, context: { node } });
}
