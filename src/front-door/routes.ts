import { Fault } from '../fault.ts';

/** Who serves which path. Each path has one owner. */
export class Routes<Handler> {
  readonly #handlers = new Map<string, Handler>();

  /** Throws PATH_TAKEN when another owner is there. Returns what takes it away again. */
  mount(path: string, handler: Handler): () => void {
    const key = withoutEndSlash(path);
    if (this.#handlers.has(key)) throw new Fault('PATH_TAKEN', { path });
    this.#handlers.set(key, handler);
    return () => {
      if (this.#handlers.get(key) === handler) this.#handlers.delete(key);
    };
  }

  findExact(path: string): Handler | undefined {
    return this.#handlers.get(withoutEndSlash(path));
  }

  /** The handler of the longest mounted path that is this path or a folder above it. */
  findLongest(path: string): Handler | undefined {
    for (let key = withoutEndSlash(path); ; key = key.slice(0, key.lastIndexOf('/'))) {
      const handler = this.#handlers.get(key);
      if (handler !== undefined || key === '') return handler;
    }
  }
}

/** The path of a request target (RFC 9112, 3.2): origin form or absolute form; '' for anything else. */
export function pathOf(target: string | undefined): string {
  if (target === undefined) return '';
  if (!target.startsWith('/')) return URL.parse(target)?.pathname ?? '';
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

function withoutEndSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
