import assert from 'node:assert/strict';
import { natsProblem } from './nats.ts';
import { throughNats } from './through-nats.ts';

const problem = natsProblem();
if (problem === undefined) {
  describe('two peers behind a NAT each', () => {
    it('find a direct path through both', async () => {
      assert.equal((await throughNats('plain')).path, 'direct');
    });

    it('are relayed when their NATs are symmetric', async () => {
      assert.equal((await throughNats('symmetric')).path, 'relayed');
    });
  });
} else process.stderr.write(`Not tried: peers behind NATs (${problem}).\n`);
