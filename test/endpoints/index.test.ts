import assert from 'node:assert/strict';
import { access, readdir, readFile } from 'node:fs/promises';
import { endpoints } from '../../src/endpoints/index.ts';

const source = new URL('../../src/endpoints/', import.meta.url);
const tests = new URL('./', import.meta.url);

/** What an endpoint needs beside its own code, and how one sees that it has it. */
const needs: Record<string, (name: string) => Promise<boolean>> = {
  'src/endpoints/<name>/index.ts': async (name) => await exists(new URL(`${name}/index.ts`, source)),
  'a line in src/endpoints/index.ts': async (name) => await Promise.resolve(name in endpoints),
  'test/endpoints/<name>/contract.test.ts that runs endpointContract': async (name) => {
    const file = new URL(`${name}/contract.test.ts`, tests);
    return (await exists(file)) && (await readFile(file, 'utf8')).includes('endpointContract(');
  },
  'traits of its own protocol': async (name) =>
    await Promise.resolve(
      Object.entries(endpoints).some(([key, { traits }]) => key === name && traits.protocol === name),
    ),
};

describe('every endpoint folder', () => {
  it('lacks nothing', async () => {
    const folders = (await readdir(source, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const names = new Set([...folders.map(({ name }) => name), ...Object.keys(endpoints)]);
    assert.deepEqual(await lacking([...names]), []);
  });

  it('is reported when it lacks something', async () => {
    const lacks = await lacking(['carrier-pigeon']);
    assert.equal(lacks.length, Object.keys(needs).length);
    assert.equal(lacks[0], 'carrier-pigeon lacks src/endpoints/carrier-pigeon/index.ts');
  });
});

async function lacking(names: readonly string[]): Promise<string[]> {
  const lacks: string[] = [];
  for (const name of names) {
    for (const [need, has] of Object.entries(needs)) {
      if (!(await has(name))) lacks.push(`${name} lacks ${need.replaceAll('<name>', name)}`);
    }
  }
  return lacks;
}

async function exists(file: URL): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
