import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newUploadFolder, removeLeftUploads } from '../../src/http/upload-folder.ts';

const MODULE = new URL('../../src/http/upload-folder.ts', import.meta.url).href;
/** Takes the first file of an upload, says so, and waits. */
const UPLOADING = `
  const { newUploadFolder } = await import(${JSON.stringify(MODULE)});
  const { writeFile } = await import('node:fs/promises');
  const { path } = await newUploadFolder(process.argv[1]);
  await writeFile(path + '/0', 'x');
  console.log('taken');
  setInterval(() => undefined, 1_000);`;

describe('the folder of uploads', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'chartwire-uploads-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('loses what a process that was killed has left, and nothing of one that runs', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', UPLOADING, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    await removeLeftUploads(folder);
    const [name = ''] = await readdir(folder);
    assert.deepEqual(await readdir(join(folder, name)), ['0']);
    child.kill('SIGKILL');
    await exited;
    await removeLeftUploads(folder);
    assert.deepEqual(await readdir(folder), []);
  });

  it('keeps what is under way here, and whatever is not ours', async () => {
    const own = await newUploadFolder(folder);
    await writeFile(join(own.path, '0'), 'x');
    await mkdir(join(folder, '2024'));
    await writeFile(join(folder, 'chartwire-1.txt'), 'x');
    await removeLeftUploads(folder);
    assert.equal((await readdir(folder)).length, 3);
    await own.remove();
    assert.deepEqual((await readdir(folder)).toSorted(), ['2024', 'chartwire-1.txt']);
  });

  it('need not be there', async () => {
    await removeLeftUploads(join(folder, 'nowhere'));
  });
});
