import { isRecord } from '../is-record.ts';
import { Fault } from '../fault.ts';
import { isDigest } from './digest.ts';

/** Size and hash of one text of a release. */
export interface BlobReference {
  readonly digest: string;
  readonly bytes: number;
}

/** Versions a host must have at least. */
export interface Versions {
  readonly chartwire: string;
  readonly nodeRed: string;
  readonly node: string;
}

/** What is signed: names every part of a release by its hash. Holds no secret. */
export interface Manifest {
  readonly format: 1;
  readonly name: string;
  /** Grows by at least one with every release of a signer; a host never goes back. */
  readonly version: number;
  /** ISO 8601, for people. */
  readonly created: string;
  readonly flows: BlobReference;
  readonly chart?: BlobReference;
  /** Node types the flows need, sorted. */
  readonly nodeTypes: readonly string[];
  readonly minVersions: Versions;
}

/** Reads a manifest text; throws RELEASE_INVALID. */
export function parseManifest(text: string): Manifest {
  const value = parseJson(text);
  const problem = manifestProblem(value);
  if (problem !== undefined) throw new Fault('RELEASE_INVALID', { problem });
  return value as Manifest;
}

/** What is wrong with a value that should be a manifest. */
function manifestProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return 'the manifest is not an object';
  if (value['format'] !== 1) return `manifest format ${String(value['format'])} is not known here`;
  if (typeof value['name'] !== 'string' || value['name'] === '') return 'the manifest has no name';
  if (!Number.isSafeInteger(value['version']) || Number(value['version']) < 1)
    return 'the version is not a whole number';
  if (typeof value['created'] !== 'string') return 'the manifest has no creation time';
  if (!isReference(value['flows'])) return 'the manifest names no flows';
  if (value['chart'] !== undefined && !isReference(value['chart'])) return 'the chart is not a digest and a size';
  const types = value['nodeTypes'];
  if (!Array.isArray(types) || types.some((type) => typeof type !== 'string'))
    return 'nodeTypes is not a list of texts';
  const versions = value['minVersions'];
  if (!isRecord(versions)) return 'the manifest has no minVersions';
  const missing = ['chartwire', 'nodeRed', 'node'].find((name) => typeof versions[name] !== 'string');
  return missing === undefined ? undefined : `minVersions.${missing} is not a text`;
}

function isReference(value: unknown): value is BlobReference {
  return (
    isRecord(value) && isDigest(value['digest']) && Number.isSafeInteger(value['bytes']) && Number(value['bytes']) >= 0
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault('RELEASE_INVALID', { problem: 'the manifest is not JSON' }, { cause: error });
  }
}
