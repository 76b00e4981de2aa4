import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { errorLine, Fault, faults, isFault } from '../src/fault.ts';
import { ERRORS_FILE, errorsPage } from '../tools/build/errors-page.ts';
import { root } from '../tools/build/find-nodes.ts';

const CATALOGUE = 'src/fault.ts';
const codes = Object.keys(faults);

/** The text of every file the patterns name, by its path from the root. */
async function textsOf(patterns: readonly string[]): Promise<Map<string, string>> {
  const files = globSync(patterns, { cwd: root }).filter((file) => file !== CATALOGUE);
  return new Map(
    await Promise.all(files.map(async (file) => [file, await readFile(join(root, file), 'utf8')] as const)),
  );
}

describe('the catalogue of faults', () => {
  it('is in the order of the alphabet, so that a code is found', () => {
    assert.deepEqual(codes, codes.toSorted());
  });

  it('holds no code that nothing raises', async () => {
    const source = [...(await textsOf(['{src,nodes,bin}/**/*.ts'])).values()].join('\n');
    assert.deepEqual(
      codes.filter((code) => !source.includes(`Fault('${code}'`)),
      [],
    );
  });

  it('holds every code that something tells', async () => {
    const told: string[] = [];
    for (const [file, text] of await textsOf(['{src,nodes,bin}/**/*.ts', '{nodes,docs}/**/*.md', '*.md'])) {
      const pattern = file.endsWith('.ts') ? /\bcode: '([A-Z]+(?:_[A-Z]+)+)'/g : /`([A-Z]+(?:_[A-Z]+)+)`/g;
      for (const [, code = ''] of text.matchAll(pattern)) told.push(`${file}: ${code}`);
    }
    const page = errorsPage();
    // Settings of ours, and codes of Node.js itself.
    const known = (line: string): boolean =>
      page.includes(`\`${line.split(': ')[1]}\``) || /: (CHARTWIRE|ERR)_/.test(line);
    assert.deepEqual(
      told.filter((line) => !known(line)),
      [],
    );
  });

  it('says what to do, in words that go on after a semicolon', () => {
    for (const [code, { next }] of Object.entries(faults)) assert.match(next, /^[a-z][^\n]+[^.\s]$/, code);
  });
});

describe('the page of errors', () => {
  it('is what the catalogue says', async () => {
    const file = join(root, ERRORS_FILE);
    const options = await resolveConfig(file);
    const page = await format(errorsPage(), { ...options, filepath: file });
    assert.equal(
      await readFile(file, 'utf8'),
      page,
      'run: node tools/build/errors-page.ts && npx prettier --write docs',
    );
  });

  it('knows what is said while setting up', async () => {
    const page = errorsPage();
    for (const [file, text] of await textsOf(['scripts/*.cjs', 'tools/**/*.ts'])) {
      for (const [, code] of text.matchAll(/['`]([A-Z]+(?:_[A-Z]+)+): /g)) {
        assert.ok(page.includes(`| \`${code}\` `), `${file} says ${code}`);
      }
    }
  });
});

describe('a fault', () => {
  const fault = new Fault('QUEUE_FULL', { queue: 'the outbox', limit: 3 }, { cause: new Error('why') });

  it('is told in one line, and in three parts over HTTP', () => {
    assert.equal(fault.line, `QUEUE_FULL: the outbox holds its limit of 3 messages; ${fault.next}`);
    assert.equal(errorLine(fault), fault.line);
    assert.deepEqual(JSON.parse(JSON.stringify(fault)), { code: fault.code, message: fault.message, next: fault.next });
  });

  it('is known by its code, whatever copy of this package made it', () => {
    assert.ok(isFault(fault));
    assert.ok(isFault(Object.assign(new Error('the same'), { code: 'QUEUE_FULL' })));
    assert.ok(!isFault(Object.assign(new Error('none'), { code: 'ENOENT' })));
    assert.ok(!isFault({ code: 'QUEUE_FULL' }));
  });
});
