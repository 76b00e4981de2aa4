import { textOf } from './data.ts';
import type { Vertex } from './model.ts';
import { isShapeName } from './shape-names.ts';

/** The shape that `@{ shape: … }` names and Mermaid does not have. */
export function unknownShape(data: ReadonlyMap<string, unknown>): string | undefined {
  const shape = textOf(data.get('shape'));
  return shape === undefined || isShapeName(shape) ? undefined : shape;
}

const TEXT_FIELDS = ['icon', 'form', 'pos', 'img', 'constraint'] as const;

/** What Mermaid takes over from `@{ … }` into a vertex. */
export function setDataFields(vertex: Vertex, data: ReadonlyMap<string, unknown>): void {
  const shape = textOf(data.get('shape'));
  if (shape !== undefined) vertex.type = shape;
  const label = textOf(data.get('label'));
  if (label !== undefined) {
    vertex.text = label;
    const type = data.get('labelType');
    vertex.labelType = type === 'text' || type === 'string' ? type : 'markdown';
  }
  for (const field of TEXT_FIELDS) {
    const value = textOf(data.get(field));
    if (value !== undefined) vertex[field] = value;
  }
  const pictured = textOf(data.get('icon')) ?? textOf(data.get('img'));
  if (pictured !== undefined && !label?.trim() && vertex.text === vertex.id) vertex.text = '';
  if (data.get('w')) vertex.assetWidth = Number(data.get('w'));
  if (data.get('h')) vertex.assetHeight = Number(data.get('h'));
}
