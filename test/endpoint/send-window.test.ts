import assert from 'node:assert/strict';
import type { LinkLimits } from '../../src/endpoint/endpoint.ts';
import { fillLimits } from '../../src/endpoint/limits.ts';
import { SendWindow } from '../../src/endpoint/send-window.ts';
import { codeOf, textMessage } from '../contract/world.ts';

const message = textMessage('t', 'x');
const newWindow = (limits: LinkLimits = {}): SendWindow => new SendWindow('test://far', fillLimits(limits));

/** A transmission that ends when it is told to. */
class Transmission {
  started = 0;
  readonly signals: AbortSignal[] = [];
  #settle: ((error?: Error) => void)[] = [];

  readonly run = (signal: AbortSignal): Promise<void> => {
    this.started += 1;
    this.signals.push(signal);
    return new Promise((resolve, reject) => {
      this.#settle.push((error) => (error === undefined ? resolve() : reject(error)));
    });
  };

  end(error?: Error): void {
    this.#settle.shift()?.(error);
  }
}

describe('a send window', () => {
  it('holds what is sent until the link is up, then starts it in order', async () => {
    const window = newWindow();
    const started: number[] = [];
    const sends = [1, 2, 3].map((index) => window.send(message, async () => void started.push(index)));
    assert.deepEqual([started, window.waiting], [[], 3]);
    window.open();
    await Promise.all(sends);
    assert.deepEqual(started, [1, 2, 3]);
  });

  it('keeps no more than maxInFlight under way', async () => {
    const window = newWindow({ maxInFlight: 2 });
    const transmission = new Transmission();
    window.open();
    const sends = [1, 2, 3].map(() => window.send(message, transmission.run));
    assert.deepEqual([transmission.started, window.inFlight, window.waiting], [2, 2, 1]);
    transmission.end();
    await sends[0];
    assert.equal(transmission.started, 3);
    transmission.end();
    transmission.end();
    await Promise.all(sends);
  });

  it('refuses more than maxWaiting', async () => {
    const window = newWindow({ maxWaiting: 1 });
    const waiting = window.send(message, async () => undefined);
    assert.equal(await codeOf(window.send(message, async () => undefined)), 'QUEUE_FULL');
    window.open();
    await waiting;
  });

  it('refuses what is too large or has no valid topic without starting it', async () => {
    const window = newWindow({ maxPayloadBytes: 3 });
    const transmission = new Transmission();
    window.open();
    assert.equal(await codeOf(window.send(textMessage('t', 'four'), transmission.run)), 'PAYLOAD_TOO_LARGE');
    assert.equal(await codeOf(window.send(textMessage('t/#', 'x'), transmission.run)), 'MESSAGE_INVALID');
    assert.equal(transmission.started, 0);
  });

  it('gives up after sendTimeoutMs, tells the transmission, and makes room', async () => {
    const window = newWindow({ sendTimeoutMs: 20, maxInFlight: 1 });
    const transmission = new Transmission();
    window.open();
    assert.equal(await codeOf(window.send(message, transmission.run)), 'SEND_TIMED_OUT');
    assert.deepEqual([transmission.signals[0]?.aborted, window.inFlight], [true, 0]);
  });

  it('says that the far side is gone, and why, when it never came up in time', async () => {
    const window = newWindow({ sendTimeoutMs: 20 });
    const cause = new Error('refused');
    window.hold(cause);
    await assert.rejects(
      window.send(message, async () => undefined),
      { code: 'FAR_SIDE_GONE', cause },
    );
  });

  it('rejects with the reason of the signal, before, while waiting and in flight', async () => {
    const window = newWindow({ maxInFlight: 1 });
    const transmission = new Transmission();
    const reason = new Error('enough');
    window.open();
    const stop = new AbortController();
    const sends = [1, 2].map(() => window.send(message, transmission.run, { signal: stop.signal }));
    stop.abort(reason);
    sends.push(window.send(message, transmission.run, { signal: stop.signal }));
    for (const send of sends) await assert.rejects(send, (error) => error === reason);
    assert.deepEqual([transmission.started, window.inFlight, window.waiting], [1, 0, 0]);
  });

  it('loses what is in flight and keeps what waits when acknowledgements die with the connection', async () => {
    const window = newWindow({ maxInFlight: 1 });
    const transmission = new Transmission();
    window.open();
    const [first, second] = [1, 2].map(() => window.send(message, transmission.run));
    window.loseInFlight(new Error('reset'));
    assert.equal(await codeOf(first!), 'FAR_SIDE_GONE');
    assert.equal(window.waiting, 1);
    window.open();
    transmission.end();
    transmission.end();
    await second;
  });

  it('rejects all with LINK_CLOSED when it closes, and opens no more', async () => {
    const window = newWindow({ maxInFlight: 1 });
    const transmission = new Transmission();
    window.open();
    const sends = [1, 2].map(() => codeOf(window.send(message, transmission.run)));
    window.close();
    window.open();
    sends.push(codeOf(window.send(message, transmission.run)));
    assert.deepEqual(await Promise.all(sends), ['LINK_CLOSED', 'LINK_CLOSED', 'LINK_CLOSED']);
    assert.equal(transmission.started, 1);
  });

  it('rejects with what a transmission throws at once', async () => {
    const window = newWindow();
    window.open();
    const broken = window.send(message, () => {
      throw new Error('cannot encode');
    });
    await assert.rejects(broken, /cannot encode/);
    assert.equal(window.inFlight, 0);
  });
});
