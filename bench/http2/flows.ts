import type { StoredNode } from '../mqtt/flows.ts';

/** Paths of the flow: one is read, the other gives back what was posted to it. */
export const PATHS = { read: '/read', echo: '/echo' } as const;

const tab: StoredNode = { id: 'tab', type: 'tab', label: 'bench' };
const place = { z: 'tab', x: 0, y: 0 };

/** http in -> http response with the nodes Node-RED comes with. */
export function coreFlow(): StoredNode[] {
  const taken = { ...place, type: 'http in', upload: false, wires: [['answer']] };
  return [
    tab,
    { ...taken, id: 'read', method: 'get', url: PATHS.read },
    { ...taken, id: 'echo', method: 'post', url: PATHS.echo },
    { ...place, id: 'answer', type: 'http response', statusCode: '', headers: {}, wires: [] },
  ];
}

/** The same with ours, on a plain port of their own, as the core nodes have one. */
export function ourFlow(port: number): StoredNode[] {
  const taken = { ...place, type: 'chartwire-http2-in', listener: 'listener', upload: false, wires: [['answer']] };
  return [
    tab,
    {
      id: 'listener',
      type: 'chartwire-http2-listener',
      path: '/',
      port,
      transport: 'plain',
      callers: 'everybody',
      maxOpen: 100_000,
    },
    { ...taken, id: 'read', method: 'get', url: PATHS.read },
    { ...taken, id: 'echo', method: 'post', url: PATHS.echo },
    { ...place, id: 'answer', type: 'chartwire-http2-response', statusCode: '', headers: {}, wires: [] },
  ];
}
