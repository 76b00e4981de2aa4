import type { StoredNode } from '../mqtt/flows.ts';

/** Paths of the flow: one gives back what it gets, the other gives it to everybody. */
export const PATHS = { echo: '/echo', all: '/all' } as const;

const tab: StoredNode = { id: 'tab', type: 'tab', label: 'bench' };
const place = { z: 'tab', x: 0, y: 0 };

/** websocket in -> websocket out with the nodes Node-RED comes with; the session is taken away where everybody is meant. */
export function coreFlow(): StoredNode[] {
  return [
    tab,
    { id: 'echo', type: 'websocket-listener', path: PATHS.echo, wholemsg: 'false' },
    { ...place, id: 'echo-in', type: 'websocket in', server: 'echo', client: '', wires: [['echo-out']] },
    { ...place, id: 'echo-out', type: 'websocket out', server: 'echo', client: '', wires: [] },
    { id: 'all', type: 'websocket-listener', path: PATHS.all, wholemsg: 'false' },
    { ...place, id: 'all-in', type: 'websocket in', server: 'all', client: '', wires: [['change']] },
    {
      ...place,
      id: 'change',
      type: 'change',
      rules: [{ t: 'delete', p: '_session', pt: 'msg' }],
      wires: [['all-out']],
    },
    { ...place, id: 'all-out', type: 'websocket out', server: 'all', client: '', wires: [] },
  ];
}

/** The same with ours, at the same server. */
export function ourFlow(): StoredNode[] {
  const listener = {
    type: 'chartwire-websocket-listener',
    server: 'nodeRed',
    wholemsg: 'false',
    callers: 'everybody',
    maxClients: 20_000,
  };
  return [
    tab,
    { ...listener, id: 'echo', path: PATHS.echo },
    { ...place, id: 'echo-in', type: 'chartwire-websocket-in', listener: 'echo', link: '', wires: [['echo-out']] },
    { ...place, id: 'echo-out', type: 'chartwire-websocket-out', listener: 'echo', link: '', wires: [] },
    { ...listener, id: 'all', path: PATHS.all },
    { ...place, id: 'all-in', type: 'chartwire-websocket-in', listener: 'all', link: '', wires: [['all-out']] },
    {
      ...place,
      id: 'all-out',
      type: 'chartwire-websocket-out',
      listener: 'all',
      link: '',
      audience: 'everyone',
      wires: [],
    },
  ];
}
