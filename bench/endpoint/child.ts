import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process of our own that is asked and answers, one at a time, and ends with us. */
export interface Child<Answer> extends AsyncDisposable {
  ask(question: unknown): Promise<Answer>;
}

export function startChild<Answer>(file: string): Child<Answer> {
  const child: ChildProcess = fork(new URL(file, import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  return {
    async ask(question) {
      child.send(question as object);
      const [answer] = (await Promise.race([once(child, 'message'), exited.then(gone)])) as [Answer];
      return answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

function gone(): never {
  throw new Error('a process of the benchmark ended early');
}
