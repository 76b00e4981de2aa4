import { verify } from 'node:crypto';
import { Fault } from '../fault.ts';
import { canonicalJson, type CanonicalValue } from './canonical-json.ts';
import { digestOf } from './digest.ts';
import { type FlowNode, flowsProblem, nodeTypesOf } from './flow-nodes.ts';
import { type BlobReference, type Manifest, parseManifest, type Versions } from './manifest.ts';
import type { Signer, TrustedKeys } from './signer.ts';

/** A release as it travels and lies on disk: nothing in it is believed before `openRelease`. */
export interface SealedRelease {
  /** Canonical JSON of the {@link Manifest}: exactly these bytes are signed. */
  readonly manifest: string;
  /** SHA-256 of the manifest: the identity of the release. */
  readonly digest: string;
  /** Ed25519 over the manifest, base64. */
  readonly signature: string;
  readonly keyId: string;
  /** Flow JSON, exactly as `JSON.stringify` writes it: its SHA-256 is the revision Node-RED will report. */
  readonly flows: string;
  readonly chart?: string;
}

/** A release whose signature and hashes hold. */
export interface Release {
  readonly digest: string;
  readonly manifest: Manifest;
  readonly flows: readonly FlowNode[];
  /** Revision Node-RED gives these flows. */
  readonly revision: string;
  readonly chart?: string;
}

export interface ReleaseSource {
  readonly name: string;
  readonly flows: readonly FlowNode[];
  readonly version: number;
  readonly minVersions: Versions;
  /** Default: the types the flows name. */
  readonly nodeTypes?: readonly string[];
  /** The chart the flows were made from. */
  readonly chart?: string;
}

/** Seals flows as a release. Throws RELEASE_INVALID for flows no host could run, or that carry credentials. */
export function sealRelease(source: ReleaseSource, signer: Signer): SealedRelease {
  const problem = flowsProblem(source.flows);
  if (problem !== undefined) throw new Fault('RELEASE_INVALID', { problem });
  const flows = JSON.stringify(source.flows);
  const manifest = {
    format: 1,
    name: source.name,
    version: source.version,
    created: new Date().toISOString(),
    flows: reference(flows),
    ...(source.chart === undefined ? {} : { chart: reference(source.chart) }),
    nodeTypes: [...(source.nodeTypes ?? nodeTypesOf(source.flows))].sort(),
    minVersions: { ...source.minVersions },
  } satisfies Manifest & Record<string, unknown>;
  const text = canonicalJson(manifest);
  parseManifest(text);
  return {
    manifest: text,
    digest: digestOf(text),
    signature: Buffer.from(signer.sign(Buffer.from(text))).toString('base64'),
    keyId: signer.keyId,
    flows,
    ...(source.chart === undefined ? {} : { chart: source.chart }),
  };
}

/**
 * Checks signature, then hashes, then content. `committedVersion` is the newest version this host ever committed:
 * another release that is not newer is a downgrade or a replay.
 * Throws RELEASE_SIGNATURE_INVALID, RELEASE_DIGEST_MISMATCH, RELEASE_INVALID or RELEASE_TOO_OLD.
 */
export function openRelease(sealed: SealedRelease, trusted: TrustedKeys, committedVersion = 0): Release {
  const key = trusted.get(sealed.keyId);
  const signature = Buffer.from(sealed.signature, 'base64');
  if (key === undefined || !verify(null, Buffer.from(sealed.manifest), key, signature)) {
    const problem = key === undefined ? 'is not trusted here' : 'did not sign this';
    throw new Fault('RELEASE_SIGNATURE_INVALID', { keyId: sealed.keyId, problem });
  }
  expectDigest('the manifest', sealed.manifest, sealed.digest);
  const manifest = parseManifest(sealed.manifest);
  expectDigest('the flows', sealed.flows, manifest.flows.digest);
  if (manifest.chart !== undefined) expectDigest('the chart', sealed.chart ?? '', manifest.chart.digest);
  const flows = parseFlows(sealed.flows);
  if (manifest.version <= committedVersion) {
    throw new Fault('RELEASE_TOO_OLD', { version: manifest.version, committedVersion });
  }
  return {
    digest: sealed.digest,
    manifest,
    flows,
    revision: manifest.flows.digest,
    ...(manifest.chart === undefined || sealed.chart === undefined ? {} : { chart: sealed.chart }),
  };
}

function reference(text: string): BlobReference & Record<string, CanonicalValue> {
  return { digest: digestOf(text), bytes: Buffer.byteLength(text) };
}

function expectDigest(part: string, text: string, expected: string): void {
  const actual = digestOf(text);
  if (actual !== expected) throw new Fault('RELEASE_DIGEST_MISMATCH', { part, expected, actual });
}

function parseFlows(text: string): FlowNode[] {
  let flows: unknown;
  try {
    flows = JSON.parse(text);
  } catch (error) {
    throw new Fault('RELEASE_INVALID', { problem: 'the flows are not JSON' }, { cause: error });
  }
  const problem = flowsProblem(flows);
  if (problem !== undefined) throw new Fault('RELEASE_INVALID', { problem });
  // Otherwise the digest would not be the revision the runtime reports, and what runs could not be told.
  if (JSON.stringify(flows) !== text)
    throw new Fault('RELEASE_INVALID', { problem: 'the flows are not in plain form' });
  return flows as FlowNode[];
}
