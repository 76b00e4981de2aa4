import type { Definition } from '../../src/spec/definition.ts';
import type { Field } from '../../src/spec/field.ts';

/** The settings of a node as a Markdown table, for its help. */
export function helpTable(definition: Definition): string {
  const fields = Object.values(definition.fields);
  if (fields.length === 0) return '';
  const lines = fields.map((field) => `| ${field.label} | ${cell(field.hint)} | ${cell(defaultText(field))} |`);
  return ['### Settings', '', '| Setting | Meaning | Default |', '| --- | --- | --- |', ...lines].join('\n');
}

function defaultText(field: Field): string {
  switch (field.kind) {
    case 'number':
      return `${field.default} ${field.unit ?? ''}`.trim();
    case 'boolean':
      return field.default ? 'on' : 'off';
    case 'choice':
      return field.options[field.default] ?? field.default;
    case 'rows':
      return `${field.default.length} rows`;
    case 'text':
    case 'json':
    case 'secret':
    case 'node':
      return field.default === '' ? 'empty' : field.default;
  }
}

const cell = (value: string): string => value.replaceAll('|', '\\|').replaceAll('\n', ' ');
