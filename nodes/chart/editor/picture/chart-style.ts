const PROPERTIES = new Set([
  'fill',
  'stroke',
  'color',
  'stroke-width',
  'stroke-dasharray',
  'font-weight',
  'font-style',
  'opacity',
]);
/** Colours, figures and words. Nothing that fetches, and nothing that ends a declaration. */
const SAFE = /^(?:#[\da-f]{3,8}|[a-z-]+|[\d.]+(?:px|em|%)?(?:[ ,]+[\d.]+(?:px)?)*|(?:rgb|hsl)a?\([\d\s.,%/]+\))$/i;

/** What a chart's `style`, `classDef` and `linkStyle` may change of a picture: looks only, by a list. */
export function chartStyle(styles: readonly string[]): Map<string, string> {
  const allowed = new Map<string, string>();
  for (const declaration of styles) {
    const [, name = '', value = ''] = /^\s*([\w-]+)\s*:\s*(.*?)\s*(?:!important)?\s*;?\s*$/.exec(declaration) ?? [];
    if (PROPERTIES.has(name) && SAFE.test(value)) allowed.set(name, value);
  }
  return allowed;
}
