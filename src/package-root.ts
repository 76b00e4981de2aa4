import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package's package.json, from source as well as from the build. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

interface Package {
  readonly version: string;
  readonly 'node-red'?: object;
}

/** This package.json, as far as it is asked about. */
export const ownPackage = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as Package;

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
