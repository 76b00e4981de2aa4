import { answerQuestions } from '../child.ts';
import { bareDataChannel, bareTls } from './bare.ts';
import { ours } from './ours.ts';
import { WINDOW, type Question, type Side, type SideName, type SideSettings, type Slice } from './side.ts';

const sides: Readonly<Record<SideName, (settings: SideSettings) => Promise<Side>>> = {
  lan: (settings) => ours(settings, 'lan'),
  direct: (settings) => ours(settings, 'direct'),
  tls: bareTls,
  datachannel: bareDataChannel,
};
let side: Side | undefined;

answerQuestions(async (question: Question): Promise<Slice | undefined> => {
  if ('start' in question) {
    side = await sides[question.start.side](question.start);
    return undefined;
  }
  return side === undefined ? undefined : await run(side, question.runForMs);
});

/** Keeps the window full for the given time and waits until everything has arrived. */
async function run(side: Side, runForMs: number): Promise<Slice> {
  const before = side.received();
  const cpu = process.cpuUsage();
  const start = performance.now();
  const times: number[] = [];
  let messages = 0;
  const sender = async (): Promise<void> => {
    for (;;) {
      const sentAt = performance.now();
      if (sentAt - start >= runForMs) return;
      messages += 1;
      await side.send();
      times.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, sender));
  while (side.received() - before < messages) await new Promise(setImmediate);
  const { user, system } = process.cpuUsage(cpu);
  const ms = performance.now() - start;
  times.sort((one, other) => one - other);
  const at = (part: number): number => (times[Math.floor(times.length * part)] ?? Number.NaN) * 1000;
  return { messages, ms, cpuMs: (user + system) / 1000, p50Us: at(0.5), p99Us: at(0.99) };
}
