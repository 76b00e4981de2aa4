import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { downTopic, nextTexts, textMessage, upTopic, type World } from './world.ts';

const highWaterMark = 8;
const maxInFlight = 8;
const count = 300;
/** Room for what is between the two marks: a batch being parsed, acknowledgements on their way. */
const slack = 64;

/** A slow reader slows the sender, and nobody loses anything. */
export function flowControl(here: () => World): void {
  it('makes the sender wait for a reader that does not read, and loses nothing when it reads on', async () => {
    const reader = here().listener.receive({ highWaterMark });
    const link = here().openLink({ maxInFlight });
    const sends = countedSends(count, async (text) => await link.send(textMessage(upTopic, text)));
    const taken = await sends.whenStill();
    assert.ok(taken < highWaterMark + maxInFlight + slack, `${taken} of ${count} sends were taken with nobody reading`);
    const received = await nextTexts(reader, count);
    await sends.all;
    assert.deepEqual(received.toSorted(byNumber), sends.texts);
    if (here().traits.ordered) assert.deepEqual(received, sends.texts);
  });

  it('the slowest of several readers sets the pace, until it ends', async () => {
    const [quick, slow] = [here().listener.receive(), here().listener.receive({ highWaterMark })];
    const link = here().openLink({ maxInFlight });
    const received = nextTexts(quick, count);
    const sends = countedSends(count, async (text) => await link.send(textMessage(upTopic, text)));
    const taken = await sends.whenStill();
    assert.ok(
      taken < highWaterMark + maxInFlight + slack,
      `${taken} of ${count} sends were taken past a reader asleep`,
    );
    await slow.return?.();
    assert.deepEqual((await received).toSorted(byNumber), sends.texts);
    await sends.all;
  });

  it('a link whose reader sleeps stays up, and gets everything once it reads', async () => {
    if (!here().traits.push) return;
    const link = here().openLink({ maxInFlight, keepAliveMs: 1000 });
    const reader = link.receive({ highWaterMark });
    await link.ready();
    const states: string[] = [];
    link.onState((state) => states.push(state.name));
    const sends = countedSends(count, async (text) => await here().listener.send(textMessage(downTopic, text)));
    await sends.whenStill();
    await pause(2500);
    const received = await nextTexts(reader, count);
    await sends.all;
    assert.deepEqual(received.toSorted(byNumber), sends.texts);
    assert.deepEqual(states, []);
  });

  it('an abandoned reader holds nobody up', async () => {
    const stop = new AbortController();
    const link = here().openLink({ maxInFlight });
    const asleep = here().listener.receive({ highWaterMark: 1, signal: stop.signal });
    const sends = countedSends(count, async (text) => await link.send(textMessage(upTopic, text)));
    await sends.whenStill();
    const awake = here().listener.receive();
    const received = nextTexts(awake, 1);
    stop.abort();
    await received;
    await awake.return?.();
    await sends.all;
    assert.equal((await asleep.next()).done, true);
  });
}

interface CountedSends {
  readonly texts: string[];
  readonly all: Promise<unknown>;
  /** How many sends had resolved when their number stopped growing. */
  whenStill(): Promise<number>;
}

function countedSends(amount: number, send: (text: string) => Promise<void>): CountedSends {
  const taken = { count: 0 };
  const texts = Array.from({ length: amount }, (_, index) => `message ${index}`);
  const all = Promise.all(
    texts.map(async (text) => {
      await send(text);
      taken.count += 1;
    }),
  );
  return {
    texts,
    all,
    whenStill: async () => {
      let before = -1;
      while (before !== taken.count || taken.count === 0) {
        before = taken.count;
        await pause(250);
      }
      return taken.count;
    },
  };
}

const byNumber = (left: string, right: string): number => Number(left.split(' ')[1]) - Number(right.split(' ')[1]);
