import { Fault } from '../fault.ts';
import { pathPattern, withoutEndSlash, type PathPattern } from './path-pattern.ts';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type Method = (typeof METHODS)[number];

/** A route as it is found: its owner, and what stands in the places of its path. */
export type Found<Owner> =
  | { readonly owner: Owner; readonly params: Readonly<Record<string, string>> }
  /** The path is known, but not with this method. */
  | { readonly allow: string };

interface Row<Owner> {
  readonly pattern: PathPattern;
  readonly owners: Map<Method | 'ANY', Owner>;
}

const none: Readonly<Record<string, string>> = Object.freeze({});

/** Which owner serves which method of which path. Paths without places are found first; others in the order they came. */
export class RouteTable<Owner> {
  readonly #fixed = new Map<string, Row<Owner>>();
  readonly #placed: Row<Owner>[] = [];

  /** Throws PATH_TAKEN when that method of that path has an owner. Returns what takes the route away. */
  add(method: Method | 'ANY', path: string, owner: Owner): () => void {
    const row = this.#rowFor(pathPattern(path));
    if (row.owners.has(method)) throw new Fault('PATH_TAKEN', { path: `${method} ${path}` });
    row.owners.set(method, owner);
    return () => {
      if (row.owners.get(method) === owner) row.owners.delete(method);
      if (row.owners.size === 0) this.#drop(row);
    };
  }

  /** Throws URIError for a path that is not percent-encoded UTF-8. */
  find(method: string, path: string): Found<Owner> | undefined {
    const row = this.#fixed.get(path) ?? this.#fixed.get(withoutEndSlash(path).toLowerCase());
    let allow: Set<string> | undefined;
    if (row !== undefined) {
      const owner = ownerOf(row, method);
      if (owner !== undefined) return { owner, params: none };
      allow = allowed(row, allow);
    }
    for (const placed of this.#placed) {
      const params = placed.pattern.match(path);
      if (params === undefined) continue;
      const owner = ownerOf(placed, method);
      if (owner !== undefined) return { owner, params };
      allow = allowed(placed, allow);
    }
    return allow === undefined ? undefined : { allow: [...allow].join(', ') };
  }

  *all(): Generator<{ method: Method | 'ANY'; pattern: PathPattern; owner: Owner }> {
    for (const { pattern, owners } of [...this.#fixed.values(), ...this.#placed])
      for (const [method, owner] of owners) yield { method, pattern, owner };
  }

  #rowFor(pattern: PathPattern): Row<Owner> {
    const { fixed, template } = pattern;
    const known =
      fixed === undefined ? this.#placed.find((row) => row.pattern.template === template) : this.#fixed.get(fixed);
    if (known !== undefined) return known;
    const row = { pattern, owners: new Map<Method | 'ANY', Owner>() };
    if (fixed === undefined) this.#placed.push(row);
    else this.#fixed.set(fixed, row);
    return row;
  }

  #drop(row: Row<Owner>): void {
    if (row.pattern.fixed !== undefined) this.#fixed.delete(row.pattern.fixed);
    else this.#placed.splice(this.#placed.indexOf(row), 1);
  }
}

/** HEAD is served as GET, without the body (RFC 9110, 9.3.2). */
function ownerOf<Owner>({ owners }: Row<Owner>, method: string): Owner | undefined {
  return owners.get(method as Method) ?? (method === 'HEAD' ? owners.get('GET') : undefined) ?? owners.get('ANY');
}

function allowed<Owner>({ owners }: Row<Owner>, known = new Set<string>()): Set<string> {
  for (const method of owners.keys()) known.add(method);
  if (known.has('GET')) known.add('HEAD');
  return known.add('OPTIONS');
}
