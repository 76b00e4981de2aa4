import type { Definition } from './definition.ts';
import type { Field } from './field.ts';

/** JSON Schema (2020-12) of a node's settings as they stand in a flow. Secrets are left out: they never stand there. */
export function jsonSchemaOf(definition: Definition): Record<string, unknown> {
  const open = Object.entries(definition.fields).filter(([, field]) => field.kind !== 'secret');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${definition.type}/v${definition.version}`,
    title: definition.label,
    description: definition.summary,
    type: 'object',
    properties: Object.fromEntries(open.map(([name, field]) => [name, schemaOf(field)])),
  };
}

function schemaOf(field: Field): Record<string, unknown> {
  const words = { title: field.label, description: field.hint, default: field.default };
  switch (field.kind) {
    case 'number':
      return { ...words, type: 'number', minimum: field.min, maximum: field.max };
    case 'boolean':
      return { ...words, type: 'boolean' };
    case 'choice':
      return { ...words, type: 'string', enum: Object.keys(field.options) };
    case 'rows':
      return {
        ...words,
        type: 'array',
        items: {
          type: 'object',
          required: Object.keys(field.columns).filter((name) => field.columns[name]?.optional !== true),
          properties: Object.fromEntries(
            Object.entries(field.columns).map(([name, column]) => [
              name,
              column.optional === true
                ? { title: column.label }
                : { title: column.label, type: 'string', ...(column.options && { enum: Object.keys(column.options) }) },
            ]),
          ),
        },
      };
    case 'text':
    case 'secret':
    case 'node':
    case 'json':
      return { ...words, type: 'string' };
  }
}
