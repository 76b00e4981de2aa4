import type { Versions } from '../manifest.ts';

/** Says which version of this host is older than a release asks for. */
export function minVersionProblem(needed: Versions, here: Versions): string | undefined {
  for (const name of ['chartwire', 'nodeRed', 'node'] as const) {
    if (isOlder(here[name], needed[name])) return `needs ${name} ${needed[name]}, this host has ${here[name]}`;
  }
  return undefined;
}

/** Compares the three numbers; what follows them (`-git`, `-beta.1`) is not looked at. */
function isOlder(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)];
  const index = a.findIndex((part, at) => part !== b[at]);
  return index !== -1 && a[index]! < b[index]!;
}

function numbers(version: string): number[] {
  return [0, 1, 2].map((index) => Number.parseInt(version.split('.')[index] ?? '0', 10) || 0);
}
