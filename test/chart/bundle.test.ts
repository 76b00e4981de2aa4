import assert from 'node:assert/strict';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const MOST_BYTES = 40 * 1024;

describe('the chart in the browser', () => {
  it('is a parser of 40 KB at most, and needs nothing of Node', async () => {
    const sizeOf = async (file: string): Promise<number> => {
      const { outputFiles } = await build({
        entryPoints: [join(import.meta.dirname, '../../src/chart', file)],
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'browser',
        write: false,
      });
      return gzipSync(outputFiles[0]?.contents ?? assert.fail(), { level: 9 }).byteLength;
    };
    const parser = await sizeOf('check.ts');
    assert.ok(parser <= MOST_BYTES, `the parser is ${parser} bytes`);
    // With both ways of the round trip.
    const whole = await sizeOf('index.ts');
    assert.ok(whole <= 2 * MOST_BYTES, `the whole is ${whole} bytes`);
  });
});
