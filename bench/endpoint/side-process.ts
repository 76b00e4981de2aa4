import { answerQuestions } from '../child.ts';
import { WINDOW, type Protocol, type Question, type Side, type Slice } from './side.ts';

/** One side in a process of its own, so that its CPU time can be told from the other's. */
let side: Side | undefined;

answerQuestions(answer);

async function answer(question: Question): Promise<Slice> {
  if ('runForMs' in question && side !== undefined) return await run(side, question.runForMs);
  if ('start' in question) {
    const { side: which, ...settings } = question.start;
    const { protocol } = (await import(`./sides/${settings.protocol}.ts`)) as { protocol: Protocol };
    side = await protocol[which](settings);
  }
  return { messages: 0, ms: 0, cpuMs: 0 };
}

/** Keeps the window full for the given time and waits until everything has arrived. */
async function run(side: Side, runForMs: number): Promise<Slice> {
  const before = side.received();
  const cpu = process.cpuUsage();
  const start = performance.now();
  let messages = 0;
  const sender = async (): Promise<void> => {
    while (performance.now() - start < runForMs) {
      messages += 1;
      await side.send();
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, sender));
  while (side.received() - before < messages) await new Promise(setImmediate);
  const { user, system } = process.cpuUsage(cpu);
  return { messages, ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}
