import { plainValue, scalarText } from './data.ts';
import type { Vertex } from './model.ts';
import { isShapeName } from './shape-names.ts';

/** The shape that `@{ shape: … }` names and Mermaid does not have. */
export function unknownShape(data: ReadonlyMap<string, unknown>): string | undefined {
  const said = data.get('shape');
  if (typeof said === 'object' && said !== null) return JSON.stringify(plainValue(said));
  const shape = scalarText(said);
  return shape === undefined || isShapeName(shape) ? undefined : shape;
}

const TEXT_FIELDS = ['icon', 'form', 'pos', 'img', 'constraint'] as const;

/** What Mermaid takes over from `@{ … }` into a vertex. */
export function setDataFields(vertex: Vertex, data: ReadonlyMap<string, unknown>): void {
  const shape = scalarText(data.get('shape'));
  if (shape !== undefined) vertex.type = shape;
  const label = scalarText(data.get('label'));
  if (label !== undefined) {
    vertex.text = label;
    const type = data.get('labelType');
    vertex.labelType = type === 'text' || type === 'string' ? type : 'markdown';
  }
  for (const field of TEXT_FIELDS) {
    const value = scalarText(data.get(field));
    if (value !== undefined) vertex[field] = value;
  }
  const pictured = scalarText(data.get('icon')) ?? scalarText(data.get('img'));
  if (pictured !== undefined && !label?.trim() && vertex.text === vertex.id) vertex.text = '';
  if (data.get('w')) vertex.assetWidth = Number(data.get('w'));
  if (data.get('h')) vertex.assetHeight = Number(data.get('h'));
}
