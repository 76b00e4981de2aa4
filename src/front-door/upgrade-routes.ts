import { Fault } from '../fault.ts';
import type { UpgradeHandler } from './door.ts';
import { Routes } from './routes.ts';

interface Pattern {
  readonly segments: readonly string[];
  readonly handler: UpgradeHandler;
}

/** What serves a path, and what stands there for its parameters. */
export interface FoundUpgrade {
  readonly handler: UpgradeHandler;
  readonly parameters: Readonly<Record<string, string>>;
}

const none: Readonly<Record<string, string>> = Object.freeze({});

/** Who takes WebSockets at which path. A segment `:name` stands for any one; a path without such wins over one with. */
export class UpgradeRoutes {
  readonly #exact = new Routes<UpgradeHandler>();
  readonly #patterns = new Set<Pattern>();

  /** Throws PATH_TAKEN when the same paths are served already. */
  mount(path: string, handler: UpgradeHandler): () => void {
    if (!path.includes('/:')) return this.#exact.mount(path, handler);
    const pattern = { segments: segmentsOf(path), handler };
    for (const other of this.#patterns) if (areSame(other, pattern)) throw new Fault('PATH_TAKEN', { path });
    this.#patterns.add(pattern);
    return () => this.#patterns.delete(pattern);
  }

  find(path: string): FoundUpgrade | undefined {
    const exact = this.#exact.findExact(path);
    if (exact !== undefined) return { handler: exact, parameters: none };
    const segments = segmentsOf(path);
    for (const pattern of this.#patterns) {
      const parameters = match(pattern.segments, segments);
      if (parameters !== undefined) return { handler: pattern.handler, parameters };
    }
    return undefined;
  }
}

function segmentsOf(path: string): string[] {
  return (path.endsWith('/') ? path.slice(0, -1) : path).split('/');
}

function areSame(one: Pattern, other: Pattern): boolean {
  return (
    one.segments.length === other.segments.length &&
    one.segments.every((segment, index) => {
      const [mine, theirs] = [segment.startsWith(':'), other.segments[index]!.startsWith(':')];
      return mine ? theirs : segment === other.segments[index];
    })
  );
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    const segment = segments[index]!;
    if (!wanted.startsWith(':')) {
      if (wanted !== segment) return undefined;
      continue;
    }
    const value = decoded(segment);
    if (value === undefined || value === '') return undefined;
    parameters[wanted.slice(1)] = value;
  }
  return parameters;
}

/** Undefined for percent signs that encode nothing. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
