import assert from 'node:assert/strict';
import { parseChart } from '../../../src/chart/parse/parse-chart.ts';
import { profileOf } from '../../../src/chart/profile/profile.ts';
import type { Step } from '../../../src/chart/profile/step.ts';
import { corpus } from '../charts.ts';

function stepsOf(text: string): Map<string, Step> {
  const parsed = parseChart(text);
  assert.deepEqual(parsed.diagnostics, []);
  return new Map(profileOf(parsed).steps.map((step) => [step.chartId, step]));
}

const typesOf = (text: string): Record<string, string> =>
  Object.fromEntries([...stepsOf(text)].map(([id, { type }]) => [id, type]));

const warningsOf = (text: string): string[] =>
  profileOf(parseChart(text)).diagnostics.map(({ line, column, expected }) => `${line}:${column} ${expected}`);

const FORK = 'graph TD\nA[Start] --> B{Which?}\nB -->|MQTT| C[Publish]\nB -->|HTTP| D[REST API]\n';

describe('the flow chart profile', () => {
  it('takes a type from the frontmatter first, then from settings, label, class and dictionary', () => {
    const box = 'A["mqtt in: home/+/t"]:::http-in@{ node: debug, active: false }';
    const flow = (block: string): string => `---\nflow:\n  A: ${block}\n---\n`;
    const chain: [text: string, type: string, carrier: string][] = [
      [`${flow('{ type: delay, timeout: 5 }')}graph TD\n${box}`, 'delay', 'frontmatter'],
      [`graph TD\n${box}`, 'debug', 'data'],
      ['graph TD\nA["mqtt in: home/+/t"]:::http-in', 'mqtt in', 'label'],
      ['graph TD\nA["home"]:::http-in', 'http in', 'class'],
      [FORK, 'chartwire-devices', 'dictionary'],
      ['graph TD\nA[Start]', 'chartwire-step', 'default'],
    ];
    for (const [text, type, carrier] of chain) {
      const step = stepsOf(text).get('A');
      assert.deepEqual([step?.type, step?.carrier], [type, carrier]);
    }
  });

  it('takes settings from the frontmatter, nested ones too, and leaves what belongs to the flow', () => {
    const text =
      '---\nflow:\n  A: { type: change, id: x, z: y, wires: [], name: Mine, rules: [{ t: set, p: a }], at: [300, 200] }\n---\ngraph TD\nA-->B';
    const step = stepsOf(text).get('A');
    assert.deepEqual(step?.settings, { rules: [{ t: 'set', p: 'a' }] });
    assert.deepEqual([step?.name, step?.at], ['Mine', [300, 200]]);
  });

  it('takes settings without a type for the type it finds itself', () => {
    const step = stepsOf(`---\nflow:\n  A: { count: 3 }\n---\n${FORK}`).get('A');
    assert.deepEqual([step?.type, step?.settings], ['chartwire-devices', { count: 3 }]);
  });

  it('reads the main argument of a label directive', () => {
    assert.deepEqual(stepsOf('graph TD\nA["mqtt in: home/+/t"]').get('A')?.settings, { topic: 'home/+/t' });
    assert.deepEqual(stepsOf('graph TD\nA["http in: POST /things"]').get('A')?.settings, {
      method: 'post',
      url: '/things',
    });
    assert.deepEqual(typesOf('graph TD\nA["switch: living room"]'), { A: 'chartwire-step' });
  });

  it('makes a step of a type that is not installed, and says so', () => {
    const text = 'graph TD\nA@{ node: no-such-node }';
    assert.deepEqual(typesOf(text), { A: 'chartwire-step' });
    assert.deepEqual(warningsOf(text), ['2:1 the name of an installed node type']);
    assert.deepEqual(profileOf(parseChart(text), new Set(['no-such-node'])).steps[0]?.type, 'no-such-node');
  });

  it('warns of frontmatter for a box that is not there', () => {
    assert.deepEqual(warningsOf('---\nflow:\n  Z: debug\n---\ngraph TD\nA'), ['1:1 the id of a box']);
  });

  it('sees a choice of protocol only where every branch names one', () => {
    assert.equal(typesOf(FORK)['B'], 'chartwire-choose');
    assert.equal(typesOf(`${FORK}B -->|else| E[Drop]`)['B'], 'chartwire-route');
    assert.equal(typesOf('graph TD\nB{MQTT?} -->|yes| C[Publish to MQTT]\nB -->|no| D')['C'], 'chartwire-step');
    assert.equal(
      typesOf('graph TD\nB{Which?} -->|MQTT 5| C[Publish]\nB -->|MQTT 3| D[Publish]')['B'],
      'chartwire-route',
    );
  });

  it('takes a box for a carrier only when its name fits the protocol of its branch', () => {
    const text = 'graph TD\nB{Which?} -->|MQTT| C[REST API]\nB -->|WebSocket| D[Persistent connection]';
    assert.deepEqual(typesOf(text), { B: 'chartwire-choose', C: 'chartwire-step', D: 'chartwire-websocket-carry' });
  });

  it('leaves the same words alone outside a choice of protocol', () => {
    const text =
      'graph TD\nA[Start] --> B[Publish telemetry] --> C[MQTT Disconnected] --> D[Client] --> E[Deploy] --> F[Monitor]';
    assert.deepEqual(new Set(Object.values(typesOf(text))), new Set(['chartwire-step']));
  });

  for (const { file, text } of corpus.filter(({ file }) => file !== '00-seed.mmd')) {
    it(`makes only steps and decisions of ${file}, without a warning`, () => {
      const { steps, diagnostics } = profileOf(parseChart(text));
      assert.deepEqual(diagnostics, []);
      const boxes = steps.filter(({ isArrow }) => !isArrow);
      const others = boxes.filter(({ type }) => type !== 'chartwire-step' && type !== 'chartwire-route');
      assert.deepEqual(others, []);
    });
  }

  it('knows every protocol by the boxes that carry over it', () => {
    const text = `${FORK}B -->|WebSocket| E[Persistent connection]\nB -->|P2P| F[Direct link]`;
    const { C, D, E, F } = typesOf(text);
    assert.deepEqual(
      [C, D, E, F],
      ['mqtt', 'http2', 'websocket', 'peer'].map((protocol) => `chartwire-${protocol}-carry`),
    );
  });

  it('takes a class for the core node of that name, and for ours only in full', () => {
    assert.equal(typesOf('graph TD\nA:::mqtt-in')['A'], 'mqtt in');
    assert.equal(typesOf('graph TD\nA:::chartwire-mqtt-in')['A'], 'chartwire-mqtt-in');
  });

  it('gives a decision one output for each label, in the order of the arrows', () => {
    const step = stepsOf('graph TD\nA{ok?} -->|yes| B\nA -->|no| C\nA -->|maybe| B').get('A');
    assert.equal(step?.type, 'chartwire-route');
    assert.deepEqual(step?.outputs, [
      { label: 'yes', targets: ['B'] },
      { label: 'no', targets: ['C'] },
      { label: 'maybe', targets: ['B'] },
    ]);
  });

  it('leaves a decision a step where only it can guard a circle', () => {
    assert.deepEqual(typesOf('graph TD\nA{one} -->|yes| B{two}\nA -->|no| A\nB -->|yes| A\nB -->|no| B'), {
      A: 'chartwire-step',
      B: 'chartwire-step',
    });
  });

  it('gives a choice one output for each distinct label, and its branches', () => {
    const step = stepsOf(`${FORK}B -->|MQTT| E[MQTT broker]`).get('B');
    assert.deepEqual(step?.settings, {
      branches: [
        { label: 'MQTT', protocol: 'mqtt' },
        { label: 'HTTP', protocol: 'http2' },
      ],
    });
    assert.deepEqual(step.outputs, [
      { label: 'MQTT', targets: ['C', 'E'] },
      { label: 'HTTP', targets: ['D'] },
    ]);
  });

  it('marks steps that nothing leads to for a test message, in a circle the first', () => {
    const steps = stepsOf('graph TD\nA --> B\nC --> D --> C\nE');
    const tested = [...steps.values()].filter(({ settings }) => settings['test'] === true);
    assert.deepEqual(
      tested.map(({ chartId }) => chartId),
      ['A', 'C', 'E'],
    );
  });

  it('guards the target of each feedback arrow', () => {
    const steps = stepsOf('graph TD\nA --> B --> C --> B\nC --> D --> D\nE <--> F');
    const guarded = [...steps.values()].filter(({ settings }) => settings['guard'] === true);
    assert.deepEqual(
      guarded.map(({ chartId }) => chartId),
      ['B', 'D', 'E'],
    );
  });

  it('leaves no circle without a guard, whichever way it takes', () => {
    const steps = stepsOf('graph TD\na{q} -->|1| b\na -->|2| c\nb --> d\nc --> d\nd --> a\ng --> a');
    const guarded = [...steps.values()].filter(({ settings }) => settings['guard'] === true);
    assert.deepEqual(
      guarded.map(({ chartId }) => chartId),
      ['d'],
    );
    const around = stepsOf('graph TD\na{q} -->|1| b\na -->|2| c\nb --> d{r}\nc --> d\nd -->|3| a\nd -->|4| e');
    for (const id of ['b', 'c']) assert.equal(around.get(id)?.settings['guard'], true);
  });

  it('warns of a circle that no step can guard', () => {
    assert.deepEqual(warningsOf(`${FORK}C --> F[Optimize]\nF --> B`), ['2:14 a plain step in every circle']);
  });

  it('leads an arrow to a subgraph to its entries, and one from it from its exits', () => {
    const steps = stepsOf(
      'graph TD\nA --> S --> B\nsubgraph S\nC --> D\nE --> D\nD --> F\nsubgraph T\nG --> H\nend\nend\nT --> A',
    );
    assert.deepEqual(steps.get('A')?.outputs[0]?.targets, ['C', 'E', 'G']);
    assert.deepEqual(steps.get('F')?.outputs[0]?.targets, ['B']);
    assert.deepEqual(steps.get('H')?.outputs[0]?.targets, ['B', 'A']);
    assert.equal(steps.has('S'), false);
  });

  it('makes a box of a subgraph without boxes that arrows lead to', () => {
    assert.deepEqual(typesOf('graph TD\nA --> S\nsubgraph S\nend'), { A: 'chartwire-step', S: 'chartwire-step' });
  });
});
