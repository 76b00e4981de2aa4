import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import RED from 'node-red';
import { startNodeRed, type TestNodeRed } from '../../support/node-red.ts';
import { runningChart } from './running-chart.ts';

const BAD = `---
flow:
  A: { type: function, func: "throw new Error('out of paper')" }
---
graph LR
S --> A --> B
A --x D[Dead letters]
`;

describe('the arrows of a running chart', () => {
  let red: TestNodeRed;
  before(async () => {
    red = await startNodeRed();
  });
  after(() => red.stop());

  it('lead what fails along the arrow with a cross, with the reason', async () => {
    const { flow, idOf } = runningChart(BAD);
    await red.deploy(flow);
    red.send(idOf('S'), { payload: 7 });
    const [letter] = await red.receivedBy(idOf('D'), 1);
    assert.ok(letter);
    assert.equal(letter.payload, 7);
    const { message, source } = letter['error'] as { message: string; source: { id: string } };
    assert.match(message, /out of paper/);
    assert.equal(source.id, idOf('A'));
    assert.deepEqual(red.received(idOf('B')), []);
  });

  it('keep control apart from data', async () => {
    const { flow, idOf } = runningChart('graph LR\nS --> G --> B\nC[Settings] -.-> G\nC -.-> X --> Y');
    await red.deploy(flow);
    red.send(idOf('C'), { payload: { limit: 5 } });
    await red.receivedBy(idOf('G'), 1);
    red.send(idOf('S'), { payload: 1 });
    const [data] = await red.receivedBy(idOf('B'), 1);
    assert.deepEqual([data?.payload, data?.['control']], [1, { limit: 5 }]);
    assert.equal(red.received(idOf('B')).length, 1);
    const [passed] = await red.receivedBy(idOf('Y'), 1);
    assert.deepEqual(passed?.payload, { limit: 5 });
  });

  const commanded: readonly (readonly [what: string, text: string, feed: string])[] = [
    ['a step', 'graph LR\nS --> G --> B\nC -.-> G', 'S'],
    [
      'a function',
      '---\nflow:\n  G: { type: function, func: return msg }\n---\ngraph LR\nS --> G --> B\nC -.-> G',
      'S',
    ],
    ['a decision', 'graph LR\nS --> G{Warm?}\nG -->|> 0| B\nG -->|else| E\nC -.-> G', 'S'],
    [
      'a box that takes no messages',
      '---\nflow:\n  G: { type: link in }\n  O: { type: link out, mode: link }\n---\ngraph LR\nS --> O\nG --> B\nC -.-> G',
      'S',
    ],
  ];
  for (const [what, text, feed] of commanded) {
    it(`pause, resume, stop and start ${what}`, async () => {
      const { flow, idOf } = runningChart(text);
      const linked = flow.map((node) => {
        if (node.type === 'link out') return { ...node, links: [idOf('G')] };
        return node.type === 'link in' ? { ...node, links: [idOf('O')] } : node;
      });
      await red.deploy(linked);
      const gate = flow.some(({ name }) => name === 'gate of G') ? idOf('G_gate') : idOf('G');
      const command = async (payload: string, shown: RegExp): Promise<void> => {
        red.send(idOf('C'), { payload });
        await red.statusOf(gate, shown);
      };
      const sent = (payload: number): void => red.send(idOf(feed), { payload });
      await command('pause', /^paused/);
      for (const payload of [1, 2]) sent(payload);
      await red.statusOf(gate, /2 waiting/);
      assert.deepEqual(red.received(idOf('B')), []);
      await command('resume', /^2 messages$/);
      await command('stop', /^stopped/);
      sent(3);
      await red.statusOf(gate, /1 dropped/);
      await command('start', /^2 messages, 1 dropped$/);
      red.send(idOf('C'), { payload: 'by hand' });
      // Settings go another way than data: so they have arrived when data have that came after them.
      await red.receivedBy(idOf('L_C_G_0_control'), 5);
      sent(4);
      const passed = await red.receivedBy(idOf('B'), 3);
      assert.deepEqual(
        passed.map(({ payload, control }) => [payload, control]),
        [
          [1, undefined],
          [2, undefined],
          [4, 'by hand'],
        ],
      );
    });
  }

  it('lead from one tab to another and back', async () => {
    const { flow, idOf } = runningChart(
      '---\nflow:\n  one: { as: tab }\n  two: { as: tab }\n---\ngraph LR\nsubgraph one\nA\nC\nend\nsubgraph two\nB\nend\nA --> B --> C',
    );
    await red.deploy(flow);
    red.send(idOf('A'), { payload: 'over' });
    assert.equal((await red.receivedBy(idOf('C'), 1))[0]?.payload, 'over');
  });

  it('lead into a subflow, through one in it, and out', async () => {
    const { flow, idOf } = runningChart(
      '---\nflow:\n  o: { as: subflow }\n  i: { as: subflow }\n---\ngraph LR\nS --> A\nsubgraph o\nA\nsubgraph i\nB\nend\nend\nA --> B --> D',
    );
    await red.deploy(flow);
    red.send(idOf('S'), { payload: 'in and out' });
    assert.equal((await red.receivedBy(idOf('D'), 1))[0]?.payload, 'in and out');
  });

  it('lead through a box that calls a subflow by its name', async () => {
    const { flow, idOf } = runningChart(
      '---\nflow:\n  w: { as: subflow }\n  A: { type: function, func: "msg.payload += 1; return msg" }\n---\ngraph LR\nS --> C[[Add]] --> E[[Add]] --> D\nsubgraph w [Add]\nA --> B\nend',
    );
    await red.deploy(flow);
    red.send(idOf('S'), { payload: 40 });
    assert.equal((await red.receivedBy(idOf('D'), 1))[0]?.payload, 42);
  });

  it('ask over MQTT and bring the answer to the box that asked', async () => {
    const { flow, idOf } = runningChart(`---
flow:
  Q: { type: chartwire-mqtt-request, topic: lamp/state }
  I: { type: chartwire-mqtt-in, topic: lamp/state }
  L: { type: function, func: "msg.payload = 'on'; return msg" }
---
graph LR
A[Ask] <--> Q[Lamp?]
I[Questions] <--> L[Look]
`);
    await red.deploy(flow);
    red.send(idOf('A'), { payload: 'state?' });
    const [, answer] = await red.receivedBy(idOf('A'), 2);
    assert.equal(String(answer?.payload), 'on');
  });
});

describe('a chart that answers web requests', () => {
  it('answers over the double arrow', async () => {
    const server = createServer();
    const red = await startNodeRed({ server, settings: { httpNodeRoot: '/' } });
    server.on('request', RED.httpNode).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { flow } = runningChart(
        '---\nflow:\n  I: { type: http in, url: /double, method: get }\n  W: { type: function, func: "msg.payload = msg.payload.n * 2 + \'\'; return msg" }\n---\ngraph LR\nI[Requests] <--> W[Double it]',
      );
      await red.deploy(flow);
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      const response = await fetch(`http://127.0.0.1:${port}/double?n=21`);
      assert.equal(await response.text(), '42');
    } finally {
      await red.stop();
      server.close();
    }
  });
});
