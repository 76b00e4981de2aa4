/** A chain drawn twice: with the core nodes and with ours. */
export type Chain = 'passing' | 'watched' | 'decide' | 'scripts' | 'limited';

interface Sides {
  readonly core: readonly object[];
  readonly ours: readonly object[];
}

/** One node of a chain, without id and wires. */
type Part = Readonly<Record<string, unknown>> & { readonly type: string };

const script = (type: 'function' | 'chartwire-script', func: string, timeout = 0): Part => ({
  type,
  func,
  outputs: 1,
  initialize: '',
  finalize: '',
  timeout,
  libs: [],
});

const COUNT = 'msg.count = (msg.count || 0) + 1;\nreturn msg;';
const HOT = { t: 'gt', v: '20', vt: 'num' };
const MARK = [{ t: 'set', p: 'payload.state', pt: 'msg', to: 'hot', tot: 'str' }];
const rules = [HOT, { t: 'else' }];
const decision = { property: 'payload.temperature', propertyType: 'msg', rules, checkall: 'true' };

/** Hears of every error on the tab. */
const CATCH = { id: 'catch', type: 'catch', z: 'tab', scope: null, uncaught: false, x: 0, y: 0, wires: [] };

export const flows: Readonly<Record<Chain, Sides>> = {
  passing: {
    core: chain(repeat({ type: 'change', rules: [] })),
    ours: chain(repeat({ type: 'chartwire-set', rules: [] })),
  },
  watched: {
    core: [...chain(repeat({ type: 'change', rules: [] })), CATCH],
    ours: [...chain(repeat({ type: 'chartwire-set', rules: [] })), CATCH],
  },
  decide: {
    core: chain([
      { type: 'json', property: 'payload', action: 'obj' },
      { type: 'switch', ...decision, repair: false, outputs: 2 },
      { type: 'change', rules: MARK },
    ]),
    ours: chain([
      script('chartwire-script', 'msg.payload = JSON.parse(msg.payload);\nreturn msg;'),
      { type: 'chartwire-route', ...decision },
      { type: 'chartwire-set', rules: MARK },
    ]),
  },
  scripts: {
    core: chain(repeat(script('function', COUNT))),
    ours: chain(repeat(script('chartwire-script', COUNT))),
  },
  limited: {
    core: chain([script('function', COUNT, 1)]),
    ours: chain([script('chartwire-script', COUNT, 1)]),
  },
};

function repeat(part: Part): Part[] {
  return Array.from({ length: 10 }, () => part);
}

/** The nodes in a row, from `entry` to a sink. */
function chain(parts: readonly Part[]): object[] {
  const idOf = (index: number): string => (index === 0 ? 'entry' : `node-${index}`);
  const place = { z: 'tab', x: 0, y: 0 };
  return [
    { id: 'tab', type: 'tab', label: 'bench' },
    ...parts.map((part, index) => {
      const next = index === parts.length - 1 ? 'sink' : idOf(index + 1);
      const wires = part['checkall'] === undefined ? [[next]] : [[next], []];
      return { id: idOf(index), ...place, ...part, wires };
    }),
    { id: 'sink', type: 'bench-sink', ...place, wires: [] },
  ];
}
