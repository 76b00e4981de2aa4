import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { called } from '../../../../src/endpoints/peer/webrtc/library.ts';

describe('the WebRTC library', () => {
  it('is loaded for direct paths only; without it those fail by name, and the others work', async () => {
    const child = fork(new URL('missing-process.ts', import.meta.url));
    const exited = once(child, 'exit');
    const [outcomes] = (await Promise.race([once(child, 'message'), exited])) as [unknown];
    assert.deepEqual(outcomes, { lan: 'lan', relayed: 'relayed', direct: 'WEBRTC_MISSING' });
    assert.deepEqual(await exited, [0, null]);
  });

  it('is not thrown into: an error of a callback comes to the process like any other', async () => {
    const wrong = new Error('in a callback');
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    try {
      const caught = once(process, 'uncaughtException');
      called(() => {
        throw wrong;
      })();
      assert.equal((await caught)[0], wrong);
    } finally {
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });
});
