import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Definition } from '../../src/spec/definition.ts';
import type { Field } from '../../src/spec/field.ts';
import { jsonSchemaOf } from '../../src/spec/json-schema.ts';
import { migrate, readSettings, VERSION_KEY } from '../../src/spec/settings.ts';
import { findNodes, root, type NodeFolder } from '../../tools/build/find-nodes.ts';
import { helpTable } from '../../tools/build/help-table.ts';
import { nodeHtml } from '../../tools/build/node-html.ts';
import { nodeWords } from '../../tools/build/node-words.ts';

const nodes = await findNodes();
const manifest: { 'node-red': { nodes: Record<string, string> } } = JSON.parse(
  await readFile(join(root, 'package.json'), 'utf8'),
);

describe('the package', () => {
  it('lists every node folder and nothing else', () => {
    const expected = nodes.map(({ folder }) => [setName(folder), `dist/${folder}/node.js`]);
    assert.deepEqual(manifest['node-red'].nodes, Object.fromEntries(expected));
  });

  it('has no two nodes of one type', () => {
    assert.equal(new Set(nodes.map(({ definition }) => definition.type)).size, nodes.length);
  });
});

for (const node of nodes) describe(`the definition in ${node.folder}`, () => checkDefinition(node));

function checkDefinition({ folder, set, definition }: NodeFolder): void {
  const { type, fields, version, migrations } = definition;
  const open = Object.entries(fields).filter(([, field]) => field.kind !== 'secret');

  it('has the type its folder says', () => {
    assert.equal(type, `chartwire-${setName(folder)}`);
  });

  it('is called by what it is for, where it has no name', () => {
    const { labelledBy = [] } = definition;
    for (const name of labelledBy) assert.equal(fields[name]?.kind, 'text', name);
    const [, label = ''] = /^ *label: (function \(\) \{.*\}),$/m.exec(nodeHtml(definition, '', '')) ?? [];
    const called = (node: object): unknown => runInNewContext(`(${label}).call(node)`, { node });
    assert.equal(called({}), definition.label);
    for (const name of labelledBy) assert.equal(called({ [name]: 'a/b' }), 'a/b');
    assert.equal(
      called({ name: 'its name', ...Object.fromEntries(labelledBy.map((name) => [name, 'a/b'])) }),
      'its name',
    );
  });

  it('stands beside a node, a help with errors or details, and an icon of white strokes', async () => {
    assert.ok(existsSync(join(root, folder, 'node.ts')));
    const help = await readFile(join(root, folder, 'help.md'), 'utf8');
    assert.ok(help.trim().length > 100, 'the help says nearly nothing');
    const icon = [join(root, folder, 'icon.svg'), join(root, 'nodes', set, 'icon.svg')].find((file) =>
      existsSync(file),
    );
    assert.ok(icon !== undefined, 'no icon');
    assert.match(await readFile(icon, 'utf8'), /^<svg [^>]*width="40" height="60"/);
  });

  it('has a help whose lists of properties the editor can read', async () => {
    const help = await readFile(join(root, folder, 'help.md'), 'utf8');
    // Its own Markdown: `: name (type) : text`, on one line, and not one colon more.
    for (const line of help.split('\n').filter((text) => text.startsWith(':')))
      assert.match(line, /^: [^:()]+ \([^:()]+\) : [^:]+$/);
  });

  it('has defaults that are valid, but for what must be filled in', () => {
    for (const [name, field] of Object.entries(fields)) {
      const problem = field.problem(field.default);
      const mustBeFilled = field.default === '' && /must (not be empty|name a )/.test(problem ?? '');
      assert.ok(problem === undefined || mustBeFilled, `${name}: ${problem}`);
    }
  });

  it('gives the defaults for a node that was stored without settings', () => {
    const defaults = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.default]));
    assert.deepEqual(readSettings(definition, { id: 'x', type }), defaults);
  });

  it('refuses what is of another kind', () => {
    for (const [name, field] of open) {
      assert.notEqual(field.problem(field.kind === 'number' ? 'many' : 4711), undefined, name);
    }
  });

  it('has words for every field, option and column', () => {
    const words = nodeWords(definition)[type] as Record<'label' | 'hint', Record<string, string>> & {
      option: Record<string, Record<string, string>>;
    };
    for (const [name, field] of Object.entries(fields)) {
      assert.ok(words.label[name]?.trim(), `${name} has no label`);
      assert.match(words.hint[name] ?? '', /\.$/, `the hint of ${name} is no sentence`);
      for (const word of moreWords(field)) assert.ok(word.trim(), `an option of ${name} has no words`);
    }
    assert.match(definition.summary, /\.$/);
    for (const field of Object.values(fields)) assert.ok(helpTable(definition).includes(field.label));
  });

  it('has a JSON schema that accepts the defaults and refuses what is of another kind', () => {
    const valid = new Ajv2020({ strict: true }).compile(jsonSchemaOf(definition));
    const defaults = Object.fromEntries(open.map(([name, field]) => [name, field.default]));
    assert.ok(valid(defaults), JSON.stringify(valid.errors));
    for (const [name] of open) assert.equal(valid({ ...defaults, [name]: null }), false, name);
  });

  it('has a migration to each version after the first', () => {
    const steps = Array.from({ length: version - 1 }, (_, index) => index + 2);
    assert.deepEqual(
      migrations.map(({ to }) => to),
      steps,
    );
    assert.doesNotThrow(() => migrate(definition, { id: 'x', type, [VERSION_KEY]: 1 }));
  });

  it('is registered in the editor by a literal call with its own defaults', async () => {
    const help = await readFile(join(root, folder, 'help.md'), 'utf8');
    const html = nodeHtml(definition, `${type}.svg`, help);
    assert.ok(html.includes(`RED.nodes.registerType("${type}", {`));
    const registered = evaluate(html);
    assert.equal(registered.type, type);
    const { defaults, credentials = {}, category, inputs, outputs } = registered.editor;
    assert.equal(category, definition.category);
    if (category !== 'config') {
      assert.equal(inputs, typeof definition.inputs === 'number' ? definition.inputs : 0);
      assert.equal(outputs, typeof definition.outputs === 'number' ? definition.outputs : 1);
    }
    assert.equal(defaults[VERSION_KEY]?.value, version);
    for (const [name, field] of open) assert.deepEqual(defaults[name]?.value, plain(field.default), name);
    // With fewer than two parameters Node-RED takes an error text for "valid".
    for (const [name] of open) assert.equal(defaults[name]?.validate?.length, 2, name);
    const secrets = Object.keys(fields).filter((name) => fields[name]?.kind === 'secret');
    assert.deepEqual(Object.keys(credentials), secrets);
    for (const name of Object.keys(fields)) assert.match(html, new RegExp(`id="node-(config-)?input-${name}(-rows)?"`));
  });

  it('names config nodes that exist', () => {
    for (const field of Object.values(fields)) {
      // One of Node-RED's own.
      if (field.kind !== 'node' || field.nodeType === 'tls-config') continue;
      const target = nodes.find((other) => other.definition.type === field.nodeType);
      assert.equal(target?.definition.category, 'config', field.nodeType);
    }
  });
}

const setName = (folder: string): string => folder.replace(/^nodes[/\\]/, '').replaceAll(/[/\\]/g, '-');

/** As it comes back from the flow file. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function moreWords(field: Field): string[] {
  if (field.kind === 'choice') return Object.values<string>(field.options);
  if (field.kind === 'rows') return Object.values(field.columns).map(({ label }) => label);
  return [];
}

interface Registered {
  readonly type: string;
  readonly editor: {
    readonly category: Definition['category'];
    readonly inputs?: number;
    readonly outputs?: number;
    readonly defaults: Record<string, { value: unknown; validate?: { readonly length: number } }>;
    readonly credentials?: Record<string, unknown>;
  };
}

/** Runs the first script of the page, as the editor does, and gives what it registered. */
function evaluate(html: string): Registered {
  const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html)?.[1];
  assert.ok(script !== undefined);
  let registered: Registered | undefined;
  const registerType = (type: string, editor: Registered['editor']): void => {
    registered = { type, editor: { ...editor, defaults: revived(editor.defaults) } };
  };
  runInNewContext(script, { RED: { nodes: { registerType } } });
  assert.ok(registered !== undefined, 'nothing was registered');
  return registered;
}

/** Values made in another context have other prototypes. */
function revived(defaults: Registered['editor']['defaults']): Registered['editor']['defaults'] {
  return Object.fromEntries(
    Object.entries(defaults).map(([name, entry]) => [name, { ...entry, value: plain(entry.value) }]),
  );
}
