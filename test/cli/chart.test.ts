import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { mermaidCases } from '../chart/charts.ts';
import { chartwire } from '../support/cli.ts';

interface Line {
  readonly file: string;
  readonly ok: boolean;
  readonly diagnostics: readonly { code: string; line: number; column: number; severity: string }[];
}

const linesOf = (out: string): Line[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('chartwire chart', () => {
  let folder: string;
  const fileWith = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartwire-chart-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("says of each of Mermaid's own charts in one line what Mermaid says", async () => {
    const files = await Promise.all(mermaidCases.map(({ text }, index) => fileWith(`${index}.mmd`, text)));
    const { code, out } = await chartwire('chart', 'check', '--json', ...files);
    assert.equal(code, 1, 'some of them are wrong');
    const lines = linesOf(out);
    assert.equal(lines.length, mermaidCases.length);
    for (const [index, { ok, expected }] of mermaidCases.entries()) {
      const { file, ok: found, diagnostics, ...model } = lines[index] ?? assert.fail();
      assert.deepEqual([file, found], [files[index], ok]);
      if (!ok) assert.ok(diagnostics.some(({ severity }) => severity === 'error'));
      else {
        const { direction, vertices, edges, subgraphs } = expected as Record<string, unknown>;
        assert.deepEqual(model, { direction, vertices, edges, subgraphs });
      }
    }
  });

  it('checks each chart of a Markdown file, with the lines of the file', async () => {
    const file = await fileWith(
      'two.md',
      '# One\n```mermaid\ngraph TD\nA-->B\n```\n\n```mermaid\ngraph TD\nA[a (b)]\n```\n',
    );
    const { code, out } = await chartwire('chart', 'check', '--json', file);
    assert.equal(code, 1);
    const [one, two] = linesOf(out);
    assert.deepEqual([one?.file, one?.ok, two?.file, two?.ok], [`${file}#1`, true, `${file}#2`, false]);
    assert.deepEqual([two?.diagnostics[0]?.line, two?.diagnostics[0]?.column], [9, 5]);
  });

  it('says in a line what is wrong with a file, and goes on', async () => {
    const file = await fileWith('good.mmd', 'graph TD\nA-->B');
    const { code, out } = await chartwire('chart', 'check', '--json', join(folder, 'none.mmd'), file);
    assert.equal(code, 1);
    assert.deepEqual(
      linesOf(out).map(({ ok }) => ok),
      [false, true],
    );
    assert.equal((await chartwire('chart', 'check', '--json', file)).code, 0);
  });

  it('goes on behind a wrong chart, and says the line of the file', async () => {
    const wrong = await fileWith('wrong.md', '# One\n```mermaid\ngraph TD\nA[a (b)]\n```\n');
    const good = await fileWith('behind.mmd', 'graph TD\nA-->B');
    const { code, out, err } = await chartwire('chart', 'check', join(folder, 'none.mmd'), wrong, good);
    assert.deepEqual([code, out], [1, `${good}: well formed\n`]);
    assert.match(err, /^FILE_UNREADABLE: .+\nCHART_INVALID: .+wrong\.md:4:5: expected .+\n$/);
    for (const part of ['to-flow', 'format', 'run']) {
      const ran = await chartwire('chart', part, wrong);
      assert.equal(ran.code, 1, part);
      assert.match(ran.err, /^CHART_INVALID: .+wrong\.md:4:5: /);
    }
  });

  const LINKED = (name: string, link: string, arrows: string): string =>
    `# ${name}\n\`\`\`mermaid\n---\nflow:\n  G: { link: "${link}" }\n---\ngraph LR\n${arrows}\n\`\`\`\n`;
  const boxes = Array.from({ length: 250 }, (_, index) => `a${index}\n`).join('');
  const meant: readonly (readonly [what: string, text: string, codes: readonly string[], code: number])[] = [
    [
      'too many arrows',
      `graph TD\nsubgraph s\n${boxes}end\nsubgraph t\n${boxes.replaceAll('a', 'b')}end\ns --> t`,
      ['ARROWS_TOO_MANY'],
      1,
    ],
    ['an id twice', '---\nflow:\n  A: { id: x }\n  B: { id: x }\n---\ngraph TD\nA --> B', ['ID_TWICE'], 1],
    ['a type nobody knows', '---\nflow:\n  A: { type: nosuch }\n---\ngraph TD\nA --> B', ['TYPE_UNKNOWN'], 0],
    ['a box nobody drew', '---\nflow:\n  Z: debug\n---\ngraph TD\nA --> B', ['BOX_UNKNOWN'], 0],
    ['a dead wire', '---\nflow:\n  A: debug\n---\ngraph TD\nA --> B', ['WIRE_DEAD'], 0],
    [
      'an unguarded circle',
      '---\nflow:\n  A: function\n  B: function\n---\ngraph TD\nA --> B --> A',
      ['LOOP_UNGUARDED'],
      0,
    ],
    ['a link to no chart', LINKED('One', 'Nowhere#G', 'A --> G'), ['LINK_ENDS_NOWHERE'], 0],
    [
      'a link of one side',
      LINKED('One', 'Two#G', 'A --> G') + LINKED('Two', 'Three#G', 'G --> B'),
      ['LINK_ENDS_NOWHERE', 'LINK_ENDS_NOWHERE'],
      0,
    ],
    [
      'a link that both wait at',
      LINKED('One', 'Two#G', 'G --> A') + LINKED('Two', 'One#G', 'G --> B'),
      ['LINK_ENDS_NOWHERE', 'LINK_ENDS_NOWHERE'],
      0,
    ],
    ['a link of both sides', LINKED('One', 'Two#G', 'A --> G') + LINKED('Two', 'One#G', 'G --> B'), [], 0],
    ['what Mermaid cannot read', 'graph TD\nA[a (b)]', ['SYNTAX_INVALID'], 1],
  ];
  for (const [what, text, codes, expected] of meant) {
    it(`tells of ${what} by its code, and ends with ${expected}`, async () => {
      const file = await fileWith(`meant.${text.startsWith('#') ? 'md' : 'mmd'}`, text);
      const { code, out } = await chartwire('chart', 'check', '--json', file);
      const lines = linesOf(out);
      assert.deepEqual(
        lines.flatMap(({ diagnostics }) => diagnostics.map((one) => one.code)),
        codes,
      );
      assert.equal(code, expected);
      assert.equal(
        lines.every(({ ok }) => ok),
        expected === 0,
      );
      const plain = await chartwire('chart', 'check', file);
      assert.equal(plain.code, expected);
      // In words the first error of a chart is told, and every warning.
      if (expected === 0) for (const one of codes) assert.match(plain.err, new RegExp(`^${one}: .+:\\d+:\\d+: `, 'm'));
      else assert.match(plain.err, /^CHART_INVALID: /);
    });
  }

  it('reads a chart from standard input', async () => {
    const made = spawn(process.execPath, [
      join(import.meta.dirname, '../../dist/bin/chartwire.js'),
      'chart',
      'format',
      '-',
    ]);
    made.stdin.end('graph TD;A-->B');
    assert.equal(await text(made.stdout), 'graph TD\n  A-->B');
  });

  it('says what its parts and exit codes are', async () => {
    for (const words of [
      ['chart', '--help'],
      ['help', 'chart'],
    ]) {
      const { code, out } = await chartwire(...words);
      assert.equal(code, 0);
      for (const word of ['check', 'to-flow', 'to-chart', 'diff', 'format', 'run', 'Exit code'])
        assert.ok(out.includes(word));
    }
  });

  it('makes the flow of a chart and the same chart of the flow, to the letter', async () => {
    const text = '---\r\n# mine\r\ntitle: Plant\r\n---\r\ngraph TD;A[Pump] -->|on| B{Full?};\r\n%% end of it\r\n';
    const chart = await fileWith('plant.mmd', text);
    const made = await chartwire('chart', 'to-flow', '--json', chart);
    const flow = await fileWith('plant.json', made.out);
    assert.equal((await chartwire('chart', 'to-chart', flow)).out, text);
    const renamed = await fileWith('renamed.json', made.out.replaceAll('"Pump"', '"Pump 2"'));
    assert.equal((await chartwire('chart', 'to-chart', renamed)).out, text.replace('[Pump]', '[Pump 2]'));
  });

  it('says with --exact all that a flow is, its own chart too, so that the same flow comes of it under any name', async () => {
    const chart = await fileWith(
      'kept.mmd',
      '%% by hand\ngraph TD\nA[Pump] -->|on| B{Full?}\nB -->|yes| C\nB -->|no| A\n',
    );
    const made = await chartwire('chart', 'to-flow', '--json', chart);
    const flow = (JSON.parse(made.out) as { x?: number; type: string }[]).map((node) =>
      node.x === undefined ? node : { ...node, x: node.x + 60 },
    );
    assert.ok(flow.some(({ type }) => type === 'chartwire-chart'));
    const moved = await fileWith('moved.json', JSON.stringify(flow));
    const exact = await fileWith('elsewhere.mmd', (await chartwire('chart', 'to-chart', '--exact', moved)).out);
    assert.deepEqual(JSON.parse((await chartwire('chart', 'to-flow', '--json', exact)).out), flow);
  });

  it('makes the chart of a flow and the same flow of the chart', async () => {
    const nodes = [
      { id: 't', type: 'tab', label: 'Mine', disabled: true, info: '' },
      { id: 'a', type: 'inject', z: 't', name: '', repeat: '5', x: 100, y: 80, wires: [['b']] },
      { id: 'b', type: 'foreign', z: 't', name: 'b', x: 300, y: 80, wires: [] },
      { id: 'c', type: 'mqtt-broker', name: 'c', broker: 'localhost' },
    ];
    const flow = await fileWith('mine.json', JSON.stringify(nodes));
    const chart = await fileWith('mine.mmd', (await chartwire('chart', 'to-chart', flow)).out);
    assert.equal((await chartwire('chart', 'check', chart)).code, 0);
    assert.deepEqual(JSON.parse((await chartwire('chart', 'to-flow', '--json', chart)).out), nodes);
  });

  it('says what differs between two charts, or a chart and a flow', async () => {
    const one = await fileWith('one.mmd', 'graph TD\nA[Pump] --> B\n');
    const two = await fileWith('two.mmd', 'graph TD\nA[Pump 2] --> B\nB --> C\n');
    const { code, out } = await chartwire('chart', 'diff', one, two);
    assert.equal(code, 1);
    assert.match(out, /^~ A "Pump 2" name: "Pump 2"$/m);
    assert.match(out, /^\+ C "C" \(chartwire-step\)$/m);
    const same = await chartwire('chart', 'diff', '--json', one, one);
    assert.deepEqual([same.code, JSON.parse(same.out)], [0, { same: true, edits: [] }]);
    const flow = await fileWith('one.json', (await chartwire('chart', 'to-flow', one)).out);
    assert.equal((await chartwire('chart', 'diff', one, flow)).code, 0);
  });

  it('makes Markdown of several charts, whatever stands in them, and flows of that', async () => {
    const func = '/*\n```\n*/\nreturn msg;';
    const flowWith = (id: string): object[] => [
      { id, type: 'tab', label: id, disabled: false, info: '' },
      { id: `${id}1`, type: 'function', z: id, name: 'n', func, outputs: 1, x: 100, y: 80, wires: [[]] },
    ];
    const files = await Promise.all(['one', 'two'].map((id) => fileWith(`${id}.json`, JSON.stringify(flowWith(id)))));
    const both = await fileWith('both.md', (await chartwire('chart', 'to-chart', ...files)).out);
    const flows = [...flowWith('one'), ...flowWith('two')];
    const made = JSON.parse((await chartwire('chart', 'to-flow', both)).out) as { type: string }[];
    assert.deepEqual(
      made.filter(({ type }) => type !== 'chartwire-chart'),
      flows,
    );
    assert.equal((await chartwire('chart', 'diff', both, both)).code, 0);
  });

  it('compares a flow that keeps several charts with their Markdown', async () => {
    const text = '# One\n```mermaid\ngraph TD\nA-->B\n```\n# Two\n```mermaid\ngraph TD\nC[```]-->D\n```\n';
    const charts = await fileWith('kept.md', text);
    const flow = await fileWith('kept.json', (await chartwire('chart', 'to-flow', charts)).out);
    assert.deepEqual(await chartwire('chart', 'diff', charts, flow), { code: 0, out: '', err: '' });
    const again = await fileWith('again.md', (await chartwire('chart', 'to-chart', flow)).out);
    assert.equal((await chartwire('chart', 'diff', charts, again)).code, 0);
  });

  it('brings a chart into one form, and says whether it is', async () => {
    const file = await fileWith('form.mmd', 'graph TD;A-->B;subgraph s\nC\n%% last\nend;  B-->C');
    assert.equal((await chartwire('chart', 'format', '--check', file)).code, 1);
    const { out } = await chartwire('chart', 'format', file);
    assert.equal(out, 'graph TD\n  A-->B\n  subgraph s\n    C\n    %% last\n  end\n  B-->C');
    assert.equal((await chartwire('chart', 'format', '--write', file)).code, 0);
    assert.equal((await chartwire('chart', 'format', '--check', file)).code, 0);
  });

  it('brings the charts of Markdown into one form where they stand, and leaves all else as it is', async () => {
    const said = 'In words:\r\n\r\n    graph TD;A-->B\r\n\r\n';
    const file = await fileWith(
      'forms.md',
      `${said}* one\r\n\r\n  \`\`\`mermaid\r\n  graph TD;A-->B\r\n\r\n\r\n  B-->C\r\n  \`\`\`\r\n\n\`\`\`mermaid\ngraph TD;A-->B\n\`\`\`\n`,
    );
    assert.equal((await chartwire('chart', 'format', '--check', file)).code, 1);
    assert.equal((await chartwire('chart', 'format', '--write', file)).code, 0);
    assert.equal(
      await readFile(file, 'utf8'),
      `${said}* one\r\n\r\n  \`\`\`mermaid\r\n  graph TD\r\n    A-->B\r\n\r\n    B-->C\r\n  \`\`\`\r\n\n\`\`\`mermaid\ngraph TD\n  A-->B\n\`\`\`\n`,
    );
    assert.equal((await chartwire('chart', 'format', '--check', file)).code, 0);
  });

  it('tells charts of one name in several files apart', async () => {
    await mkdir(join(folder, 'other'), { recursive: true });
    const files = [await fileWith('same.mmd', 'graph TD\nA-->B'), await fileWith('other/same.mmd', 'graph TD\nA-->B')];
    const flow = JSON.parse((await chartwire('chart', 'to-flow', ...files)).out) as { id: string; label?: string }[];
    assert.equal(new Set(flow.map(({ id }) => id)).size, 8);
    assert.deepEqual(
      flow.flatMap(({ label }) => label ?? []),
      ['same', 'same 2'],
    );
  });

  it('says the column of the file for a chart that is indented', async () => {
    const file = await fileWith('indented.md', '* one\n\n  ```mermaid\n  graph TD\n  A[a (b)]\n  ```\n');
    const { out } = await chartwire('chart', 'check', '--json', file);
    const [told] = linesOf(out);
    assert.deepEqual([told?.diagnostics[0]?.line, told?.diagnostics[0]?.column], [5, 7]);
    for (const part of ['check', 'format'])
      assert.match((await chartwire('chart', part, file)).err, /indented\.md:5:7: /);
  });

  it('refuses what its parts cannot do', async () => {
    const file = await fileWith('a.mmd', 'graph TD\nA-->B');
    for (const words of [
      ['diff', file],
      ['diff', file, file, file],
      ['format', '--write', '--check', file],
      ['check'],
      ['draw', file],
    ]) {
      const { code, err } = await chartwire('chart', ...words);
      assert.equal(code, 1);
      assert.match(err, /^COMMAND_USAGE: .+; usage: chartwire chart /);
    }
  });

  it('ends without a word when nobody reads on', async () => {
    const boxes = Array.from({ length: 50_000 }, (_, index) => `n${index}[Box ${index}]\n`).join('');
    const file = await fileWith('long.mmd', `graph TD\n${boxes}`);
    const child = spawn(process.execPath, [
      join(import.meta.dirname, '../../dist/bin/chartwire.js'),
      'chart',
      'format',
      file,
    ]);
    const closed = once(child, 'close');
    const said = text(child.stderr);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    assert.deepEqual(await closed, [0, null]);
    assert.equal(await said, '');
  });

  it('runs a chart alone, without an editor, and leaves nothing behind', async () => {
    const file = await fileWith('run.mmd', 'graph TD\nA[Sensor] --> B[Store]\n');
    const started = startChartwire('chart', 'run', '--json', file);
    const { url, home, nodes } = await started.ready;
    assert.match(url, /^https:/);
    assert.equal(nodes, 4);
    const flow = JSON.parse(await readFile(join(home, 'node-red/flows.json'), 'utf8')) as { name?: string }[];
    assert.ok(flow.some(({ name }) => name === 'Sensor'));
    const status = await chartwire('status', '--json', '--home', home);
    assert.match(status.out, /"Store"/);
    await started.stop();
    await assert.rejects(stat(home));
  });
});

interface Ready {
  readonly url: string;
  readonly home: string;
  readonly nodes: number;
}

/** A command that runs until it is stopped. */
function startChartwire(...words: readonly string[]): { ready: Promise<Ready>; stop: () => Promise<void> } {
  const program = join(import.meta.dirname, '../../dist/bin/chartwire.js');
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const ready = (async (): Promise<Ready> => {
    for await (const line of createInterface({ input: child.stdout })) {
      const told = JSON.parse(line) as Ready & { readonly event: string };
      if (told.event === 'ready') return told;
    }
    throw new Error('it ended before it was ready');
  })();
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await closed;
  };
  return { ready, stop };
}
