import type { Definition } from '../../src/spec/definition.ts';

/** The English catalogue of a node: labels, tooltips and option names, all from its definition. */
export function nodeWords(definition: Definition): Record<string, unknown> {
  const fields = Object.entries(definition.fields);
  return {
    [definition.type]: {
      label: { name: 'Name', ...Object.fromEntries(fields.map(([name, field]) => [name, field.label])) },
      hint: Object.fromEntries(fields.map(([name, field]) => [name, field.hint])),
      option: Object.fromEntries(
        fields.flatMap(([name, field]) => (field.kind === 'choice' ? [[name, field.options]] : [])),
      ),
    },
  };
}
