import type { Qos } from './load/bytes.ts';

/** What stands between the in node and the out node. */
export type Middle = 'nothing' | 'decode, route, set' | { readonly scripts: number };

export interface FlowForm {
  /** Where the broker listens; `undefined` is the one embedded in the same process, which only our nodes know. */
  readonly broker:
    { readonly port: number; readonly caFile?: string | undefined; readonly ca?: string | undefined } | undefined;
  readonly qos: Qos;
  readonly middle: Middle;
}

/** A node as a flow file holds it. */
export type StoredNode = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

const tab: StoredNode = { id: 'tab', type: 'tab', label: 'bench' };

/** in -> middle -> out with the nodes Node-RED comes with. */
export function coreFlow({ broker, qos, middle }: FlowForm): StoredNode[] {
  const isText = middle === 'decode, route, set';
  const ends = { z: 'tab', broker: 'broker', qos: String(qos), x: 0, y: 0 };
  return [
    tab,
    {
      id: 'broker',
      type: 'mqtt-broker',
      broker: '127.0.0.1',
      port: String(broker?.port),
      clientid: '',
      autoConnect: true,
      usetls: broker?.caFile !== undefined,
      ...(broker?.caFile !== undefined && { tls: 'tls' }),
      protocolVersion: '4',
      keepalive: '60',
      cleansession: true,
    },
    ...(broker?.caFile === undefined
      ? []
      : [{ id: 'tls', type: 'tls-config', ca: broker.caFile, verifyservercert: true }]),
    ...chain(
      { ...ends, id: 'in', type: 'mqtt in', topic: 'bench/in', datatype: isText ? 'utf8' : 'buffer', inputs: 0 },
      coreMiddle(middle),
      { ...ends, id: 'out', type: 'mqtt out', topic: 'bench/out', retain: 'false' },
    ),
  ];
}

/** The same with ours. */
export function ourFlow({ broker, qos, middle }: FlowForm): StoredNode[] {
  const isText = middle === 'decode, route, set';
  const ends = { z: 'tab', link: broker === undefined ? '' : 'link', qos: String(qos), x: 0, y: 0 };
  const url = `${broker?.ca === undefined ? 'mqtt' : 'mqtts'}://127.0.0.1:${broker?.port}`;
  return [
    tab,
    ...(broker === undefined
      ? []
      : [{ id: 'link', type: 'chartwire-mqtt-link', url, protocolVersion: '4', ca: broker.ca ?? '' }]),
    ...chain(
      { ...ends, id: 'in', type: 'chartwire-mqtt-in', topic: 'bench/in', datatype: isText ? 'json' : 'buffer' },
      ourMiddle(middle),
      { ...ends, id: 'out', type: 'chartwire-mqtt-out', topic: 'bench/out', retain: 'no' },
    ),
  ];
}

function coreMiddle(middle: Middle): StoredNode[] {
  if (middle === 'nothing') return [];
  if (middle !== 'decode, route, set') {
    return scripts(middle.scripts, { type: 'function', func: SCRIPT, outputs: 1, timeout: 0, libs: [] });
  }
  return [
    { id: 'json', type: 'json', property: 'payload', action: 'obj' },
    {
      id: 'switch',
      type: 'switch',
      property: 'payload.temperature',
      propertyType: 'msg',
      rules: [{ t: 'gt', v: '60', vt: 'num' }],
      checkall: 'true',
      repair: false,
      outputs: 1,
    },
    {
      id: 'change',
      type: 'change',
      rules: [{ t: 'set', p: 'payload.checked', pt: 'msg', to: 'true', tot: 'bool' }],
    },
  ];
}

function ourMiddle(middle: Middle): StoredNode[] {
  if (middle === 'nothing') return [];
  if (middle !== 'decode, route, set')
    return scripts(middle.scripts, { type: 'chartwire-script', func: SCRIPT, outputs: 1 });
  return [
    {
      id: 'route',
      type: 'chartwire-route',
      property: 'payload.temperature',
      propertyType: 'msg',
      rules: [{ t: 'gt', v: '60', vt: 'num' }],
      checkall: 'true',
      outputs: 1,
    },
    {
      id: 'set',
      type: 'chartwire-set',
      rules: [{ t: 'set', p: 'payload.checked', pt: 'msg', to: 'true', tot: 'bool' }],
    },
  ];
}

/** What a small script does: it looks at a property, sets another and passes the message on. */
const SCRIPT = 'msg.seen = (msg.seen || 0) + 1;\nreturn msg;';

function scripts(count: number, node: Readonly<Record<string, unknown>> & { readonly type: string }): StoredNode[] {
  return Array.from({ length: count }, (_, index) => ({ ...node, id: `script${index}` }));
}

/** Wires each node to the next. */
function chain(first: StoredNode, middle: readonly StoredNode[], last: StoredNode): StoredNode[] {
  const nodes = [first, ...middle, last];
  return nodes.map((node, index) => {
    const next = nodes[index + 1];
    return { x: 0, y: 0, z: 'tab', ...node, wires: next === undefined ? [] : [[next.id]] };
  });
}
