import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Limits } from '../../app/limits.ts';
import type { Versions } from '../manifest.ts';
import { packageRoot } from '../../package-root.ts';
import type { RunnerEvent, RunnerRequest } from './runner-protocol.ts';

export type Log = (level: 'error' | 'warn' | 'info', text: string) => void;

export interface RunnerOptions {
  /** Folder for what the runner may write. */
  readonly folder: string;
  readonly log: Log;
  /** Kills the runner at once, whatever it does. */
  readonly signal: AbortSignal;
  /** Heap of the runner, in MiB. Without a cap it grows with every deploy. Default 256. */
  readonly heapMib?: number;
  /** What others may take of its broker and its front door. Default: the usual. */
  readonly limits?: Limits;
  /** Longest wait for an answer, soak time not counted; then the runner is killed. Default 10,000. */
  readonly answerTimeoutMs?: number;
}

/** A headless Node-RED in a process of its own. */
export interface RunnerProcess {
  readonly pid: number;
  readonly versions: Versions;
  /** Resolves with the reason when the process has ended. */
  readonly ended: Promise<string>;
  /** Why these flows could not start here; touches nothing that runs. */
  check(flows: string): Promise<string | undefined>;
  /** Runs these flows; says why they do not run well. A runner that dies or does not answer is such a reason. */
  run(flows: string, soakMs: number): Promise<string | undefined>;
  /** Revision the live runtime runs; null when it runs nothing or does not answer. */
  running(): Promise<string | null>;
  /** Kills the process and waits for its end. */
  kill(): Promise<void>;
}

const BOOT_TIMEOUT_MS = 60_000;
const RUNNING_TIMEOUT_MS = 3000;
/** Nothing else of the supervisor's environment is seen by a flow. */
const ENVIRONMENT = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'SystemRoot', 'TEMP'];
const STDERR_KEPT = 2000;

/** Forks a runner; rejects when it ends before it is ready. */
export async function startRunner({
  signal,
  folder,
  log,
  heapMib = 256,
  limits = { broker: {}, door: {} },
  answerTimeoutMs = 10_000,
}: RunnerOptions): Promise<RunnerProcess> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const base = extension === 'ts' ? packageRoot : join(packageRoot, 'dist');
  const child = fork(join(base, 'nodes', 'runner', `runner.${extension}`), [folder, JSON.stringify(limits)], {
    cwd: folder,
    execArgv: [`--max-old-space-size=${heapMib}`],
    env: Object.fromEntries(
      ENVIRONMENT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const conversation = new Conversation(child, log);
  const kill = (): void => void child.kill('SIGKILL');
  if (signal.aborted) kill();
  signal.addEventListener('abort', kill, { once: true });
  void conversation.ended.then(() => signal.removeEventListener('abort', kill));
  const versions = await conversation.ready(BOOT_TIMEOUT_MS);
  const verdict = async (request: RunnerRequest, timeoutMs: number): Promise<string | undefined> => {
    const answer = await conversation.ask(request, timeoutMs);
    if (typeof answer === 'string') return answer;
    return answer.kind === 'verdict' ? answer.problem : undefined;
  };
  return {
    pid: child.pid ?? 0,
    versions,
    ended: conversation.ended,
    check: (flows) => verdict({ kind: 'check', id: conversation.nextId(), flows }, answerTimeoutMs),
    run: (flows, soakMs) =>
      verdict({ kind: 'run', id: conversation.nextId(), flows, soakMs }, answerTimeoutMs + soakMs),
    running: async () => {
      const answer = await conversation.ask({ kind: 'running', id: conversation.nextId() }, RUNNING_TIMEOUT_MS, false);
      return typeof answer !== 'string' && answer.kind === 'running' ? answer.revision : null;
    },
    kill: async () => {
      kill();
      await conversation.ended;
    },
  };
}

/** Questions and answers over IPC. */
class Conversation {
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: RunnerEvent | string) => void>();
  readonly #ready = Promise.withResolvers<Versions>();
  #lastId = 0;
  #lastWords: string | undefined;
  #stderr = '';

  constructor(child: ChildProcess, log: Log) {
    this.#child = child;
    child.on('message', (event: RunnerEvent) => this.#take(event, log));
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT)));
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(`the runner could not be started: ${error.message}`));
      child.once('close', (code, signal) => resolve(this.#endReason(signal ?? `exit code ${code}`)));
    });
    void this.ended.then((reason) => {
      this.#ready.reject(new Error(reason));
      for (const resolve of this.#waiting.values()) resolve(reason);
      this.#waiting.clear();
    });
  }

  nextId(): number {
    return (this.#lastId += 1);
  }

  async ready(timeoutMs: number): Promise<Versions> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs);
    try {
      return await this.#ready.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves with the answer, or with the reason why there is none. A runner that stays silent is killed, if wanted. */
  ask(request: RunnerRequest, timeoutMs: number, killSilent = true): Promise<RunnerEvent | string> {
    if (!this.#child.connected) return this.ended;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#lastWords ??= `the runner did not answer within ${timeoutMs} ms`;
        if (killSilent) this.#child.kill('SIGKILL');
        else this.#waiting.get(request.id)?.('no answer');
      }, timeoutMs);
      this.#waiting.set(request.id, (answer) => {
        clearTimeout(timer);
        this.#waiting.delete(request.id);
        resolve(answer);
      });
      this.#child.send(request, () => {}); // A failed send is followed by the end of the process.
    });
  }

  #take(event: RunnerEvent, log: Log): void {
    if (event.kind === 'ready') this.#ready.resolve(event.versions);
    else if (event.kind === 'log') log(event.level, event.text);
    else if (event.kind === 'crash') this.#lastWords = `the runner crashed: ${event.reason}`;
    else this.#waiting.get(event.id)?.(event);
  }

  #endReason(how: string): string {
    const line = this.#stderr.split('\n').find((text) => /error/i.test(text));
    return this.#lastWords ?? `the runner ended (${how})${line === undefined ? '' : `: ${line.trim()}`}`;
  }
}
