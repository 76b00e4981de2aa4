import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Limits } from '../../app/limits.ts';
import { errorLine, Fault } from '../../fault.ts';
import { MAX_TEXT_LENGTH, parseCommand, type Reported } from '../protocol.ts';
import { trustedKeys } from '../signer.ts';
import { diskFiles } from '../store/disk-files.ts';
import { openReleaseStore } from '../store/release-store.ts';
import { EdgeLink } from './edge-link.ts';
import { lockHome } from '../../process/home-lock.ts';
import { type EdgeIdentity, findIdentity, joinFleet } from './identity.ts';
import { isAlive, parseRecord, processRecord } from '../../process/process-record.ts';
import { ReleaseHost } from './release-host.ts';
import { type Log, type RunnerProcess, startRunner } from './runner-process.ts';

export interface EdgeOptions {
  /** Folder of all state; the edge host's own lies in `edge` below it. */
  readonly home: string;
  /** Needed once; ignored when this host has joined already. */
  readonly join?: string;
  readonly log: (line: string) => void;
  readonly soakMs?: number;
  readonly heapMib?: number;
  /** Those of its runner. */
  readonly limits?: Limits;
}

/** A running edge host. */
export interface Edge extends AsyncDisposable {
  readonly edgeId: string;
  /** What it reports: asked from the live runtime. */
  reported(): Promise<Reported>;
  close(): Promise<void>;
}

const REPORT_PERIOD_MS = 10_000;

/**
 * Starts the supervisor of an edge host and, before any network, the committed release. Once joined, nothing the
 * controller or the network does stops a running flow. Throws HOME_LOCKED, JOIN_CODE_INVALID, JOIN_REFUSED.
 */
export async function runEdge(options: EdgeOptions): Promise<Edge> {
  const folder = join(options.home, 'edge');
  await using opened = new AsyncDisposableStack();
  opened.defer(lockHome(folder));
  killOrphan(folder);
  const log: Log = (level, text) => options.log(level === 'info' ? text : `${level}: ${text}`);
  const identity = await identityOf(folder, options, log);
  const store = openReleaseStore(diskFiles(folder));
  const told = new EventTarget();
  const host = opened.use(
    new ReleaseHost({
      store,
      trusted: trustedKeys([identity.releaseKey]),
      startRunner: (signal) => startRecordedRunner(folder, log, signal, options),
      log,
      changed: () => void told.dispatchEvent(new Event('changed')),
      ...(options.soakMs === undefined ? {} : { soakMs: options.soakMs }),
    }),
  );
  const reported = async (): Promise<Reported> => {
    const { phase, running, versions, trouble } = await host.status();
    const reason = 'reason' in phase ? phase.reason : trouble;
    return {
      edgeId: identity.edgeId,
      running,
      state: phase.name,
      ...('digest' in phase ? { digest: phase.digest } : {}),
      ...(reason === undefined ? {} : { reason: reason.slice(0, MAX_TEXT_LENGTH) }),
      at: Date.now(),
      versions,
    };
  };
  const report = oneAtATime(
    async () => link.report(await reported()),
    (error) => log('error', errorLine(error)),
  );
  const link = opened.use(
    new EdgeLink(identity, {
      log,
      connected: report,
      desired: (document) => host.offer(document),
      command: (payload) => {
        try {
          if (parseCommand(payload).kind === 'report') report();
        } catch (error) {
          log('warn', errorLine(error));
        }
      },
    }),
  );
  told.addEventListener('changed', report);
  const timer = setInterval(report, REPORT_PERIOD_MS);
  opened.defer(() => clearInterval(timer));
  log('info', `edge host ${identity.edgeId} runs`);
  const life = opened.move();
  const close = (): Promise<void> => life.disposeAsync();
  return { edgeId: identity.edgeId, reported, close, [Symbol.asyncDispose]: close };
}

/** Runs the work again when it was asked for while it ran, never twice at once: reports arrive in order. */
function oneAtATime(work: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      await work().catch(failed);
    } while (again);
    running = undefined;
  };
  return () => {
    again = true;
    running ??= run();
  };
}

async function identityOf(folder: string, { join: code }: EdgeOptions, log: Log): Promise<EdgeIdentity> {
  const known = await findIdentity(folder);
  if (known === undefined) {
    if (code === undefined)
      throw new Fault('JOIN_CODE_INVALID', { problem: 'this host has not joined yet and none was given' });
    return joinFleet(folder, code);
  }
  if (code !== undefined) log('info', `this host has joined as ${known.edgeId} already; the join code is not used`);
  return known;
}

/** Notes the runner's process, so that the next supervisor can end one that did not notice the end of this one. */
async function startRecordedRunner(
  folder: string,
  log: Log,
  signal: AbortSignal,
  { heapMib, limits }: EdgeOptions,
): Promise<RunnerProcess> {
  const runner = await startRunner({
    folder: join(folder, 'runner'),
    log,
    signal,
    ...(heapMib === undefined ? {} : { heapMib }),
    ...(limits && { limits }),
  });
  writeFileSync(recordPath(folder), JSON.stringify(processRecord(runner.pid) ?? {}), { mode: 0o600 });
  return runner;
}

function killOrphan(folder: string): void {
  const path = recordPath(folder);
  try {
    const orphan = parseRecord(readFileSync(path, 'utf8'));
    if (orphan !== undefined && isAlive(orphan)) process.kill(orphan.pid, 'SIGKILL');
  } catch {
    // No record, or it ended meanwhile.
  }
  rmSync(path, { force: true });
}

function recordPath(folder: string): string {
  return join(folder, 'runner.json');
}
