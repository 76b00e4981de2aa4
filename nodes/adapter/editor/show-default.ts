import type { Field } from '../../../src/spec/field.ts';
import type { JQuery } from '../../../types/node-red-editor.d.ts';

/**
 * Fills the input of a setting that the node does not have: from a flow that left it out, or a new config node, which
 * Node-RED gives no default that is 0 or false.
 */
export function showDefault(name: string, field: Field): void {
  const input = inputOf(name);
  switch (field.kind) {
    case 'number':
    case 'choice':
    case 'text':
    case 'json':
      input.val(String(field.default));
      return;
    case 'boolean':
      input.prop('checked', field.default);
      return;
    case 'secret':
    case 'node':
    case 'rows':
      return;
  }
}

/** The input of a field, in the form of a node or of a config node. */
export function inputOf(name: string): JQuery {
  const input = $(`#node-input-${name}`);
  return input.length > 0 ? input : $(`#node-config-input-${name}`);
}
