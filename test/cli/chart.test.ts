import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mermaidCases } from '../chart/charts.ts';
import { chartwire } from '../support/cli.ts';

interface Line {
  readonly file: string;
  readonly ok: boolean;
  readonly diagnostics: readonly { line: number; column: number; severity: string }[];
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
});
