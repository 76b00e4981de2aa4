import assert from 'node:assert/strict';
import { chartOfFlow, type FlowNode, flowOfChart } from '../../../src/chart/index.ts';
import { mermaidModel } from '../mermaid.ts';

const place = (x: number, y: number): { x: number; y: number } => ({ x, y });

/** One node of every kind there is, as the editor saves them. */
const FLOW: readonly FlowNode[] = [
  {
    id: 'tab1',
    type: 'tab',
    label: 'Line 1',
    disabled: true,
    info: '# Line\n\n- a\n- b\n',
    env: [{ name: 'SPEED', value: '5', type: 'num' }],
  },
  { id: 'tab2', type: 'tab', label: '', disabled: false, info: '' },
  {
    id: 'sub1',
    type: 'subflow',
    name: 'Scale',
    info: '',
    category: '',
    in: [{ x: 40, y: 60, wires: [{ id: 'sf1' }] }],
    out: [{ x: 400, y: 60, wires: [{ id: 'sf1', port: 0 }] }],
    env: [{ name: 'FACTOR', type: 'num', value: '2', ui: { label: { 'en-US': 'Factor' }, type: 'spinner' } }],
    status: { x: 400, y: 120, wires: [{ id: 'sf2', port: 0 }] },
    color: '#DDAA99',
    inputLabels: ['in'],
    meta: { module: 'scale', version: '1.0.0' },
  },
  {
    id: 'group1',
    type: 'group',
    z: 'tab1',
    name: 'Outer',
    style: { label: true },
    nodes: ['group2', 'n1'],
    x: 14,
    y: 19,
    w: 400,
    h: 200,
    env: [],
  },
  {
    id: 'group2',
    type: 'group',
    z: 'tab1',
    g: 'group1',
    name: '',
    style: { stroke: '#f00' },
    nodes: ['n2'],
    x: 34,
    y: 39,
    w: 200,
    h: 90,
  },
  { id: 'j1', type: 'junction', z: 'tab1', ...place(300, 80), wires: [['n3', 'l1']] },
  { id: 'c1', type: 'mqtt-broker', name: 'Broker', broker: 'localhost', port: '1883', autoConnect: true },
  {
    id: 'c2',
    type: 'foreign-config',
    z: 'tab1',
    name: 'Own of the tab',
    deep: { list: [1, [2, { a: null }]], text: 'a: b' },
  },
  { id: 'c3', type: 'global-config', env: [{ name: 'SITE', value: 'Ünïté', type: 'str' }], modules: { dayjs: '1.x' } },
  {
    id: 'n1',
    type: 'inject',
    z: 'tab1',
    g: 'group1',
    name: '',
    props: [{ p: 'payload' }, { p: 'topic', vt: 'str' }],
    repeat: '5',
    once: true,
    topic: '',
    payload: '',
    payloadType: 'date',
    ...place(100, 80),
    wires: [['j1']],
  },
  {
    id: 'n2',
    type: 'function',
    z: 'tab1',
    g: 'group2',
    name: 'Two',
    func: '\nreturn [msg, null];',
    outputs: 3,
    timeout: 0,
    noerr: 0,
    initialize: '',
    finalize: '',
    libs: [],
    d: true,
    ...place(140, 100),
    wires: [['n3'], [], ['n3', 'n2']],
    outputLabels: ['ok', '', 'ok'],
    icon: 'font-awesome/fa-cog',
    l: false,
  },
  {
    id: 'n3',
    type: 'switch',
    z: 'tab1',
    name: 'A "b" | c [d]',
    property: 'payload',
    propertyType: 'msg',
    rules: [{ t: 'eq', v: '1', vt: 'num' }, { t: 'else' }],
    checkall: 'true',
    repair: false,
    outputs: 2,
    ...place(300.5, 160),
    wires: [['n4'], ['n4']],
  },
  {
    id: 'n4',
    type: 'subflow:sub1',
    z: 'tab1',
    name: '',
    env: [{ name: 'FACTOR', value: '3', type: 'num' }],
    ...place(500, 160),
    wires: [['n5']],
  },
  { id: 'n5', type: 'made up by nobody', z: 'tab1', name: 'x', constructor: 'own', ...place(700, 160), wires: [] },
  {
    id: 'cm',
    type: 'comment',
    z: 'tab1',
    name: '%% TODO --> end',
    info: 'a\n```mermaid\ngraph TD\n```\n',
    ...place(100, 300),
    wires: [],
  },
  { id: 'l1', type: 'link out', z: 'tab1', name: 'out', mode: 'link', links: ['l2'], ...place(420, 80), wires: [] },
  { id: 'l2', type: 'link in', z: 'tab2', name: 'in', links: ['l1'], ...place(60, 60), wires: [['l3']] },
  {
    id: 'l3',
    type: 'link call',
    z: 'tab2',
    name: '',
    links: ['l2'],
    linkType: 'static',
    timeout: '30',
    ...place(200, 60),
    wires: [['ca']],
  },
  { id: 'ca', type: 'catch', z: 'tab2', name: '', scope: ['l3'], uncaught: false, ...place(200, 120), wires: [[]] },
  {
    id: 'sf1',
    type: 'change',
    z: 'sub1',
    name: '',
    rules: [{ t: 'set', p: 'payload', pt: 'msg', to: '${FACTOR}', tot: 'env' }],
    ...place(200, 60),
    wires: [[]],
  },
  { id: 'sf2', type: 'status', z: 'sub1', name: '', scope: null, ...place(200, 120), wires: [[]] },
];

const byId = (a: FlowNode, b: FlowNode): number => a.id.localeCompare(b.id);

describe('a flow with one node of every kind', () => {
  it('is the same again behind its chart, which stays the same text', () => {
    const text = chartOfFlow(FLOW);
    const { flow } = flowOfChart(text);
    assert.deepEqual(flow, FLOW);
    assert.equal(chartOfFlow(flow), text);
  });

  it('is a chart that Mermaid draws: a box for each node on a canvas', async () => {
    const { vertices } = await mermaidModel(chartOfFlow(FLOW));
    const drawn = FLOW.filter(({ type, x }) => type !== 'group' && typeof x === 'number');
    assert.equal(vertices.length, drawn.length);
  });

  it('is the same again for each of its tabs alone', () => {
    for (const z of ['tab1', 'tab2', 'sub1']) {
      const part = FLOW.filter((node) => node.id === z || node['z'] === z);
      assert.deepEqual(flowOfChart(chartOfFlow(part)).flow, part);
    }
  });

  it('is the same again where nothing of it is drawn, and where there is nothing', () => {
    const undrawn = FLOW.filter(({ id }) => id === 'c1' || id === 'c3');
    for (const flow of [undrawn, []]) {
      const text = chartOfFlow(flow);
      assert.deepEqual(flowOfChart(text).flow, flow);
      assert.equal(chartOfFlow(flowOfChart(text).flow), text);
    }
  });

  it('says a node once that stands there twice: the last is the one that Node-RED takes', () => {
    const [broker] = FLOW.filter(({ id }) => id === 'c1');
    const [second] = FLOW.filter(({ id }) => id === 'n2');
    assert.ok(broker && second);
    const old = { ...second, name: 'Replaced', wires: [] };
    assert.deepEqual(
      flowOfChart(chartOfFlow([...FLOW.slice(0, 2), old, ...FLOW.slice(2), broker])).flow.toSorted(byId),
      FLOW.toSorted(byId),
    );
  });

  it('writes no credential, in whatever node it stands', () => {
    const secret = { user: 'somebody', password: 'pw-in-plain-text' };
    const flow = FLOW.map((node) => ({ ...node, credentials: secret }));
    const text = chartOfFlow(flow);
    for (const word of Object.values(secret)) assert.ok(!text.includes(word));
    assert.deepEqual(flowOfChart(text).flow, FLOW);
  });
});
