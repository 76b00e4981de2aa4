import assert from 'node:assert/strict';
import { chartOfFlow, flowOfChart, type FlowNode } from '../../../src/chart/index.ts';
import { applyFlowEdits } from '../../../src/chart/sync/flow-edits.ts';
import { patchChart } from '../../../src/chart/sync/patch-chart.ts';
import { wiresOf } from '../../../src/chart/flow-node.ts';

/** The wires of a flow in the chart's words: `A > L_A_B_0_failed`. */
function drawn(text: string): { wires: string[]; nodeOf: (id: string) => FlowNode } {
  const { flow, bindings, diagnostics } = flowOfChart(text);
  assert.deepEqual(diagnostics, []);
  const nameOf = new Map(bindings.map(({ chartId, nodeId }) => [nodeId, chartId]));
  const wires = flow.flatMap((node) =>
    wiresOf(node)
      .flat()
      .map((to) => `${nameOf.get(node.id)} > ${nameOf.get(to)}`),
  );
  const nodeId = new Map(bindings.map((binding) => [binding.chartId, binding.nodeId]));
  return { wires, nodeOf: (id) => flow.find((node) => node.id === nodeId.get(id)) ?? assert.fail(`no ${id}`) };
}

const flowBlock = (lines: string): string => `---\nflow:\n${lines}\n---\n`;
const TABS = flowBlock('  one: { as: tab }\n  two: { as: tab }');
const TWO = 'subgraph one\nA\nend\nsubgraph two\nB\nend\n';

describe('what stands for an arrow', () => {
  it('of failures is a Catch for the box that fails, beside it', () => {
    const { wires, nodeOf } = drawn('graph TD\nsubgraph s\nA --> B\nend\nA e1@--x|too bad| D');
    assert.deepEqual(wires, ['A > B', 'e1_failed > D']);
    const { type, name, scope, g, info } = nodeOf('e1_failed');
    assert.deepEqual([type, name, scope, g], ['catch', 'too bad', [nodeOf('A').id], nodeOf('s').id]);
    assert.match(String(info), /^Part e1_failed of the chart\. Type catch: the arrow with a cross/);
  });

  it('of failures is one Catch for all boxes of a subgraph', () => {
    const { wires, nodeOf } = drawn('graph TD\nsubgraph s\nA --> B\nend\ns --x D');
    assert.deepEqual(wires, ['A > B', 'L_s_D_0_failed > D']);
    assert.deepEqual(nodeOf('L_s_D_0_failed')['scope'], [nodeOf('A').id, nodeOf('B').id]);
  });

  it('of failures is no branch of a decision', () => {
    const { nodeOf } = drawn('graph TD\nA{ok?} -->|yes| B\nA -->|no| C\nA --x|broken| D');
    assert.deepEqual(nodeOf('A')['outputLabels'], ['yes', 'no']);
  });

  it('of control marks it where data come too, and is a wire where nothing else comes', () => {
    const { wires, nodeOf } = drawn('graph TD\nS --> G\nC -.->|settings| G\nC -.-> X');
    assert.deepEqual(wires, ['S > G', 'C > L_C_G_0_control', 'C > X', 'L_C_G_0_control > G']);
    assert.deepEqual(
      [nodeOf('L_C_G_0_control').type, nodeOf('L_C_G_0_control')['name']],
      ['chartwire-set', 'settings'],
    );
    assert.deepEqual([nodeOf('G')['control'], nodeOf('X')['control']], [true, undefined]);
  });

  const controlled: readonly (readonly [type: string, wires: string[]])[] = [
    ...[
      'chartwire-route',
      'chartwire-set',
      'chartwire-script',
      'chartwire-choose',
      'chartwire-deploy',
      'function',
      'link call',
    ].map((type): [string, string[]] => [
      type,
      ['G > E', 'G_gate > G', 'L_C_G_0_control > G_gate', 'S > G_gate', 'C > L_C_G_0_control'],
    ]),
    ...['chartwire-mqtt-out', 'chartwire-websocket-out', 'chartwire-peer-out', 'link out', 'debug'].map(
      (type): [string, string[]] => [
        type,
        ['G_gate > G', 'L_C_G_0_control > G_gate', 'S > G_gate', 'C > L_C_G_0_control'],
      ],
    ),
  ];
  for (const [type, expected] of controlled) {
    it(`of control is taken by a gate in front of "${type}"`, () => {
      const isEnd = expected[0] === 'G_gate > G';
      const { wires, nodeOf } = drawn(
        `${flowBlock(`  G: { type: ${type} }`)}graph TD\nS --> G${isEnd ? '' : ' --> E'}\nC -.-> G`,
      );
      assert.deepEqual(wires.toSorted(), expected.toSorted());
      assert.deepEqual([nodeOf('G_gate').type, nodeOf('G_gate')['control']], ['chartwire-step', true]);
    });
  }

  for (const type of [
    'inject',
    'http in',
    'link in',
    'catch',
    'chartwire-websocket-in',
    'chartwire-peer-in',
    'chartwire-http2-in',
  ]) {
    it(`of control is taken by a gate behind "${type}", which takes no messages`, () => {
      const { wires } = drawn(`${flowBlock(`  G: { type: ${type} }`)}graph TD\nG --> E\nC -.-> G\nD -.-> G`);
      assert.deepEqual(wires.toSorted(), [
        'C > L_C_G_0_control',
        'D > L_D_G_0_control',
        'G > G_gate',
        'G_gate > E',
        'L_C_G_0_control > G_gate',
        'L_D_G_0_control > G_gate',
      ]);
    });
  }

  it('of control is a wire to what messages tell what to subscribe to, and to what is written down from a flow', () => {
    assert.deepEqual(drawn(`${flowBlock('  G: { type: chartwire-mqtt-in }')}graph TD\nC -.-> G --> E`).wires, [
      'C > G',
      'G > E',
    ]);
    const exact = drawn(`${flowBlock('  G: { id: g1, type: function }')}graph TD\nS --> G\nC -.-> G`).wires;
    assert.deepEqual(exact.toSorted(), ['C > G', 'S > G']);
  });

  for (const type of ['comment', 'chartwire-peer-rendezvous']) {
    it(`of control is doubtful at "${type}"`, () => {
      const { diagnostics } = flowOfChart(`${flowBlock(`  G: { type: ${type} }`)}graph TD\nS --> B\nC -.-> G`);
      assert.ok(diagnostics.some(({ code, severity }) => code === 'CONTROL_UNTAKEN' && severity === 'warning'));
    });
  }

  it('of control is a wire where all else that comes has failed', () => {
    const { wires } = drawn('graph TD\nA --x G\nC -.-> G --> D');
    assert.deepEqual(wires, ['G > D', 'C > G', 'L_A_G_0_failed > G']);
  });

  const servers: readonly (readonly [type: string, answer: string, wires: string[]])[] = [
    ['http in', 'http response', ['A > L_B_A_0_answer', 'B > A']],
    ['chartwire-http2-in, url: /x', 'chartwire-http2-response', ['A > L_B_A_0_answer', 'B > A']],
    ['chartwire-http2-in', 'chartwire-http2-out', ['A > L_B_A_0_answer', 'B > A']],
    ['chartwire-peer-in', 'chartwire-peer-out', ['A > L_B_A_0_return', 'B > A', 'L_B_A_0_return > L_B_A_0_answer']],
    ['websocket in', 'websocket out', ['A > L_B_A_0_answer', 'B > A']],
    ['chartwire-websocket-in', 'chartwire-websocket-out', ['A > L_B_A_0_answer', 'B > A']],
    ['chartwire-mqtt-in', 'chartwire-mqtt-out', ['A > L_B_A_0_return', 'B > A', 'L_B_A_0_return > L_B_A_0_answer']],
  ];
  for (const [type, answer, expected] of servers) {
    it(`of request and reply answers what comes in at "${type}"`, () => {
      const { wires, nodeOf } = drawn(
        `${flowBlock(`  B: { type: ${type}, listener: l1, link: k1 }`)}graph TD\nB <--> A`,
      );
      assert.deepEqual(wires.toSorted(), expected);
      assert.equal(nodeOf('L_B_A_0_answer').type, answer);
    });
  }

  it('of request and reply brings back what comes over the link of a box that only sends, to each that asked', () => {
    const { wires, nodeOf } = drawn(
      `${flowBlock('  Q: { type: chartwire-peer-out, link: k1 }')}graph TD\nA <--> Q\nQ <--> B\nQ --> S`,
    );
    assert.deepEqual(wires.toSorted(), [
      'A > Q',
      'B > Q',
      'L_A_Q_0_answer > L_A_Q_0_return',
      'L_A_Q_0_answer > L_Q_B_0_return',
      'L_A_Q_0_answer > S',
      'L_A_Q_0_return > A',
      'L_Q_B_0_return > B',
    ]);
    const answer = nodeOf('L_A_Q_0_answer');
    assert.deepEqual([answer.type, answer['link']], ['chartwire-peer-in', 'k1']);
    assert.deepEqual([nodeOf('A')['guard'], nodeOf('B')['guard']], [true, true]);
    const [rule] = nodeOf('L_A_Q_0_return')['rules'] as { to: string }[];
    assert.deepEqual(JSON.parse(rule?.to ?? ''), [nodeOf('A').id, nodeOf('B').id]);
  });

  it('of request and reply uses the listener of the node that takes in', () => {
    const { nodeOf } = drawn(`${flowBlock('  B: { type: chartwire-websocket-in, listener: l1 }')}graph TD\nA <--> B`);
    assert.equal(nodeOf('L_A_B_0_answer')['listener'], 'l1');
  });

  it('is a wire each way where nobody answers, and the help says so', () => {
    const { wires, nodeOf } = drawn('graph TD\nA <--> B');
    assert.deepEqual(wires, ['A > B', 'B > A']);
    assert.match(String(nodeOf('A')['info']), /its double arrow to B is a wire each way/);
  });

  it('makes a publisher a request', () => {
    const { wires, nodeOf } = drawn(`${flowBlock('  B: { type: chartwire-mqtt-out, topic: x }')}graph TD\nA <--> B`);
    assert.deepEqual(wires, ['A > B', 'B > A']);
    assert.deepEqual([nodeOf('B').type, nodeOf('B')['topic']], ['chartwire-mqtt-request', 'x']);
    assert.match(
      String(nodeOf('B')['info']),
      /its double arrow asks for an answer; its double arrow is the question of A/,
    );
  });

  it('between tabs is a pair of link nodes, each in its tab', () => {
    const { wires, nodeOf } = drawn(`${TABS}graph TD\n${TWO}A -->|up| B\nB --> A`);
    assert.deepEqual(wires, ['A > L_A_B_0_out', 'B > L_B_A_0_out', 'L_A_B_0_in > B', 'L_B_A_0_in > A']);
    const [out, into] = [nodeOf('L_A_B_0_out'), nodeOf('L_A_B_0_in')];
    assert.deepEqual([out.type, out['z'], out['links'], out['name']], ['link out', nodeOf('one').id, [into.id], 'up']);
    assert.deepEqual([into.type, into['z'], into['links']], ['link in', nodeOf('two').id, [out.id]]);
  });

  it('between tabs is one pair for an arrow between two subgraphs', () => {
    const { wires } = drawn(`${TABS}graph TD\nsubgraph one\nA & B\nend\nsubgraph two\nC & D\nend\none --> two`);
    assert.deepEqual(wires.toSorted(), [
      'A > L_one_two_0_out',
      'B > L_one_two_0_out',
      'L_one_two_0_in > C',
      'L_one_two_0_in > D',
    ]);
  });

  it('keeps the output of a decision it leaves from', () => {
    const text = `${TABS}graph TD\nsubgraph one\nA{ok?} -->|yes| C\nend\nsubgraph two\nB\nend\nA -->|no| B`;
    const { nodeOf } = drawn(text);
    assert.deepEqual(wiresOf(nodeOf('A')), [[nodeOf('C').id], [nodeOf('L_A_B_0_out').id]]);
  });

  it('into and out of a subflow goes through the node that uses it', () => {
    const text = `${flowBlock('  s: { as: subflow }')}graph LR
S --> A
subgraph s [Work]
A{ok?} -->|yes| B
end
B --> D
A -->|no| E`;
    const { wires, nodeOf } = drawn(text);
    assert.deepEqual(wires.toSorted(), ['A > B', 'S > s_call', 's_call > D', 's_call > E']);
    const [subflow, use] = [nodeOf('s'), nodeOf('s_call')];
    assert.deepEqual([subflow.type, use.type, nodeOf('A')['z']], ['subflow', `subflow:${subflow.id}`, subflow.id]);
    const ports = (side: string): unknown[] => (subflow[side] as { wires: unknown[] }[]).map((port) => port.wires);
    assert.deepEqual(ports('in'), [[{ id: nodeOf('A').id }]]);
    assert.deepEqual(ports('out'), [[{ id: nodeOf('B').id, port: 0 }], [{ id: nodeOf('A').id, port: 1 }]]);
    assert.deepEqual(wiresOf(nodeOf('A')), [[nodeOf('B').id], []]);
    assert.deepEqual(wiresOf(use), [[nodeOf('D').id], [nodeOf('E').id]]);
    assert.equal(chartOfFlow(flowOfChart(text).flow), text);
  });

  it('is no use of a subflow that a box calls by its name', () => {
    const text = `${flowBlock('  s: { as: subflow }')}graph LR\nS --> W1[[Work]] --> D\nT --> W2[[Work]]\nsubgraph s [Work]\nA --> B\nend\n`;
    const { wires, nodeOf } = drawn(text);
    assert.deepEqual(wires, ['S > W1', 'W1 > D', 'T > W2', 'A > B']);
    const subflow = nodeOf('s');
    assert.deepEqual([nodeOf('W1').type, nodeOf('W2').type], [`subflow:${subflow.id}`, `subflow:${subflow.id}`]);
    const ports = (side: string): unknown[] => (subflow[side] as { wires: unknown[] }[]).map((port) => port.wires);
    assert.deepEqual([ports('in'), ports('out')], [[[{ id: nodeOf('A').id }]], [[{ id: nodeOf('B').id, port: 0 }]]]);
    assert.equal(nodeOf('A')['test'], undefined);
    assert.equal(chartOfFlow(flowOfChart(text).flow), text);
  });

  it('between hosts is a pair of MQTT nodes over one link, also for a host that the subgraph itself names', () => {
    const { wires, nodeOf } = drawn('graph LR\nS e1@--> P\nsubgraph pump\nP\nend\npump@{ host: pump-7 }');
    assert.deepEqual(wires, ['S > e1_out', 'e1_in > P']);
    const [out, into] = [nodeOf('e1_out'), nodeOf('e1_in')];
    assert.deepEqual([out.type, out['topic']], ['chartwire-mqtt-out', 'chart/chart/e1']);
    assert.deepEqual([into.type, into['topic'], into['link']], ['chartwire-mqtt-in', 'chart/chart/e1', out['link']]);
    assert.deepEqual([into['g'], into['d']], [nodeOf('pump').id, true]);
    assert.match(String(nodeOf('P')['info']), /it runs on the edge host pump-7/);
  });

  it('is gone when the flow block says that there is none, and a flow without it says so', () => {
    const text = 'graph LR\nS --> P\nsubgraph pump\nP\nend\npump@{ host: pump-7 }\n';
    const { flow, bindings } = flowOfChart(text);
    const deploy = bindings.find(({ chartId }) => chartId === 'deploy_hosts')?.nodeId ?? assert.fail();
    const after = flow.filter(({ id }) => id !== deploy);
    const patch = patchChart(text, bindings, flow, after);
    assert.equal(patch.text, `${flowBlock('  deploy_hosts: { as: none }')}${text}`);
    assert.equal(
      flowOfChart(patch.text).flow.some(({ type }) => type === 'chartwire-deploy'),
      false,
    );
  });

  it('is a box of its own when the chart has one of that id', () => {
    const { nodeOf, wires } = drawn('graph TD\nA --x D\nsubgraph s\nL_A_D_0_failed[Oh no] --> E\nend');
    const { type, name, g } = nodeOf('L_A_D_0_failed');
    assert.deepEqual([type, name, g], ['catch', 'Oh no', nodeOf('s').id]);
    assert.deepEqual(wires, ['L_A_D_0_failed > D', 'L_A_D_0_failed > E']);
  });

  it('takes what the flow block says of it', () => {
    const { nodeOf } = drawn(`${flowBlock('  L_A_D_0_failed: { uncaught: true, name: All }')}graph TD\nA --x D`);
    assert.deepEqual([nodeOf('L_A_D_0_failed')['uncaught'], nodeOf('L_A_D_0_failed')['name']], [true, 'All']);
  });

  const charts: readonly string[] = [
    'graph TD\n%% why\nA --x D\nC -.-> B\nA --> B\n',
    `${TABS}graph TD\n${TWO}A -->|up| B\n`,
    `${flowBlock('  B: { type: http in, url: /x, method: get }')}graph TD\nB <--> A\n`,
  ];
  for (const text of charts) {
    it(`is the one arrow again in ${JSON.stringify(text.split('---\n').at(-1))}`, () => {
      assert.equal(chartOfFlow(flowOfChart(text).flow), text);
    });
  }

  it('goes with its wire, and the arrow with it', () => {
    const text = 'graph TD\nA --> B\nA --x D\n';
    const { flow, bindings } = flowOfChart(text);
    const caught = bindings.find(({ chartId }) => chartId === 'L_A_D_0_failed')?.nodeId ?? assert.fail();
    const after = applyFlowEdits(flow, [{ kind: 'remove', id: caught }]);
    assert.equal(patchChart(text, bindings, flow, after).text, 'graph TD\nA --> B\nD\n');
  });
});
