/** A path with places that are filled by each request: `/users/:name`, `/files/*`. */
export interface PathPattern {
  /** What one path is compared with, when no place is in it: in lower case, without a slash at its end. */
  readonly fixed: string | undefined;
  readonly names: readonly string[];
  /** As OpenAPI writes it: `/users/{name}`. */
  readonly template: string;
  /** What stands in the places, percent-decoded; undefined when the path is another. Throws URIError for what is no UTF-8. */
  match(path: string): Record<string, string> | undefined;
}

/** The places of a path: `:name`, `:name?`, `:name(pattern)`, `*`, `*name`; all else stands for itself. */
const PLACE = /:(\w+)(?:\(((?:\\.|[^\\()])+)\))?(\?)?|\*(\w+)?/g;
const SPECIAL = /[.*+?^${}()|[\]\\]/g;

/** What is wrong with a path pattern, or undefined. */
export function pathPatternProblem(pattern: string): string | undefined {
  if (/[?#\s]/.test(pattern.replace(PLACE, 'x'))) return 'must not hold ?, # or spaces';
  try {
    const { names } = pathPattern(pattern);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    return twice === undefined ? undefined : `names ${twice} twice`;
  } catch {
    return 'holds a pattern in parentheses that is no regular expression';
  }
}

/** Reads a pattern the way Express does: letters in any case, and a slash at the end or none. Throws SyntaxError. */
export function pathPattern(pattern: string): PathPattern {
  const names: string[] = [];
  let source = '';
  let template = '';
  let from = 0;
  const plain = withoutEndSlash(pattern.startsWith('/') ? pattern : `/${pattern}`).replaceAll(/\/{2,}/g, '/');
  for (const place of plain.matchAll(PLACE)) {
    const [text, name, inner, optional, rest] = place;
    const before = plain.slice(from, place.index);
    const key = name ?? rest ?? String(names.filter((known) => /^\d+$/.test(known)).length);
    names.push(key);
    from = place.index + text.length;
    template += `${before}{${key}}`;
    const value = name === undefined ? '(.*)' : `(${inner?.replaceAll(/\((?!\?)/g, '(?:') ?? '[^/]+?'})`;
    // An optional place takes the slash before it along.
    const isAfterSlash = optional !== undefined && before.endsWith('/');
    source += escaped(isAfterSlash ? before.slice(0, -1) : before);
    source += optional === undefined ? value : `(?:${isAfterSlash ? '/' : ''}${value})?`;
  }
  source += escaped(plain.slice(from));
  template += plain.slice(from);
  const expression = new RegExp(`^${source}/?$`, 'i');
  return {
    fixed: names.length === 0 ? plain.toLowerCase() : undefined,
    names,
    template: template === '' ? '/' : template,
    match(path) {
      const found = expression.exec(path);
      if (found === null) return undefined;
      const values = names.flatMap((name, index): [string, string][] => {
        const value = found[index + 1];
        return value === undefined ? [] : [[name, decodeURIComponent(value)]];
      });
      return Object.fromEntries(values);
    },
  };
}

/** The path without the slashes at its end: the whole site is ''. */
export function withoutEndSlash(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

const escaped = (text: string): string => text.replaceAll(SPECIAL, String.raw`\$&`);
