import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process of our own that is asked and answers, one question at a time, and ends with us. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** Rejects with what went wrong over there. */
  ask(question: unknown): Promise<unknown>;
}

export interface ChildSetup {
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node.js itself. */
  readonly execArgv?: readonly string[];
}

export function startChild(file: URL, { env = {}, execArgv = [] }: ChildSetup = {}): Child {
  const child: ChildProcess = fork(file, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
    execArgv: [...execArgv],
  });
  const exited = once(child, 'exit');
  return {
    pid: child.pid!,
    async ask(question) {
      child.send(question as object);
      const [reply] = (await Promise.race([once(child, 'message'), exited.then(gone)])) as [Reply];
      if ('error' in reply) throw new Error(reply.error);
      return reply.answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

type Reply = { readonly answer: unknown } | { readonly error: string };

/** The other end of {@link Child.ask}: answers every question and ends when the asker is gone. */
export function answerQuestions(answer: (question: never) => Promise<unknown>): void {
  process.once('disconnect', () => process.exit(0));
  process.on('message', (question) => {
    const reply = (outcome: Reply): void => void process.send?.(outcome);
    answer(question as never).then(
      (answer) => reply({ answer: answer ?? null }),
      (error: unknown) => reply({ error: error instanceof Error ? error.message : String(error) }),
    );
  });
}

function gone(): never {
  throw new Error('a process of the benchmark ended early');
}
