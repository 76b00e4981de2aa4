import { generateKeyPairSync } from 'node:crypto';
import type { FlowNode } from '../../src/fleet/flow-nodes.ts';
import type { Versions } from '../../src/fleet/manifest.ts';
import { type SealedRelease, sealRelease } from '../../src/fleet/release.ts';
import { type Signer, signerOf, trustedKeys } from '../../src/fleet/signer.ts';

export const ANY_VERSION: Versions = { chartwire: '0.0.0', nodeRed: '0.0.0', node: '0.0.0' };

/** A signer nobody else has. */
export function newSigner(): Signer {
  return signerOf(generateKeyPairSync('ed25519').privateKey);
}

export const signer = newSigner();
export const trusted = trustedKeys([signer.publicKey]);

/** A tab that ticks every 200 ms and marks each message with a label. */
export function tickingFlow(label: string): FlowNode[] {
  return [
    { id: 'tab1', type: 'tab', label: 'Ticks', disabled: false, info: '' },
    {
      id: 'tick',
      type: 'inject',
      z: 'tab1',
      x: 100,
      y: 100,
      name: '',
      props: [{ p: 'payload' }],
      repeat: '0.2',
      crontab: '',
      once: true,
      onceDelay: '0.1',
      topic: '',
      payload: label,
      payloadType: 'str',
      wires: [['mark']],
    },
    functionNode('mark', `flow.set('seen', '${label}'); return msg;`),
  ];
}

export function functionNode(id: string, func: string, initialize = ''): FlowNode {
  return {
    id,
    type: 'function',
    z: 'tab1',
    x: 300,
    y: 100,
    name: id,
    func,
    outputs: 1,
    timeout: 0,
    noerr: 0,
    initialize,
    finalize: '',
    libs: [],
    wires: [[]],
  };
}

/** Releases every host must refuse or leave again, by what is wrong with them. */
export const badFlows = {
  'throws more than a report may hold': [
    ...tickingFlow('bad'),
    functionNode('broken', 'return msg;', "throw new Error(`no such sensor ${'x'.repeat(100_000)}`);"),
  ],
  'throws at start': [
    ...tickingFlow('bad'),
    functionNode('broken', 'return msg;', "throw new Error('no such sensor');"),
  ],
  'has a missing node type': [
    ...tickingFlow('bad'),
    { id: 'odd', type: 'no-such-type', z: 'tab1', x: 500, y: 100, wires: [[]] },
  ],
  'has a syntax error': [...tickingFlow('bad'), functionNode('broken', 'return msg +;')],
  'crashes a moment after its start': [
    ...tickingFlow('bad'),
    functionNode('broken', 'return msg;', "setTimeout(() => { Promise.reject(new Error('lost the sensor')); }, 50);"),
  ],
} satisfies Record<string, FlowNode[]>;

export function seal(flows: FlowNode[], version: number, by: Signer = signer): SealedRelease {
  return sealRelease({ name: 'ticks', flows, version, minVersions: ANY_VERSION }, by);
}
