import { Document, isMap, Scalar, visit, type YAMLMap } from 'yaml';

/** Longest entry that is written on one line. */
const ONE_LINE = 110;

/**
 * How frontmatter is written: lines are never folded, those of a quoted text neither, since blanks at their ends would be lost, and
 * quotes are double, since Mermaid changes quotes inside what looks like HTML.
 */
export const WRITTEN = {
  lineWidth: 0,
  singleQuote: false,
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
} as const;

/** Values as the YAML of a frontmatter, without its dashes. */
export function yamlBlock(values: Readonly<Record<string, unknown>>): string {
  const document = new Document(values);
  const flow = document.get('flow', true);
  if (isMap(flow)) for (const { value } of flow.items) if (isMap(value)) onOneLine(value);
  plainScalars(document);
  return document.toString(WRITTEN).trimEnd();
}

/** Short maps go on one line, in long ones what is short does. */
export function onOneLine(map: YAMLMap): void {
  const size = JSON.stringify(map).length;
  map.flow = map.items.length > 0 && size <= ONE_LINE && !hasLines(map);
  if (map.flow) return;
  for (const { value } of map.items) {
    if (isMap(value)) onOneLine(value);
    else if (typeof value === 'object' && value !== null && 'items' in value && !hasLines(value)) {
      Object.assign(value, { flow: JSON.stringify(value).length <= ONE_LINE });
    }
  }
}

const hasLines = (value: object): boolean => JSON.stringify(value).includes('\\n');

/** Text that a block of lines would not keep exactly, or that other readers of YAML would take for something else, is quoted. */
export function plainScalars(node: Document | YAMLMap): void {
  visit(node, {
    Scalar: (_key, scalar) => {
      const { value } = scalar;
      if (typeof value !== 'string') return;
      if (/[^\S \t\n]|\u0085|^\s|[^\S\n]\n|\n\s*$|^[\d.+-]|^(?:y|n|yes|no|on|off|true|false|null|~)$/i.test(value))
        scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
}
