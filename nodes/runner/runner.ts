import type { Limits } from '../../src/app/limits.ts';
import type { FlowNode } from '../../src/fleet/flow-nodes.ts';
import type { RunnerEvent, RunnerRequest } from '../../src/fleet/edge/runner-protocol.ts';
import { ownPackage } from '../../src/package-root.ts';
import { type FlowsEvent, lineText, LOG_LEVEL, type LogLine, red } from './embedded-red.ts';
import { flowsStartProblem } from './flow-check.ts';
import { FlowTrial } from './flow-trial.ts';
import { openRunnerSettings } from './runner-settings.ts';

// The process an edge supervisor forks: `runner.ts <folder> <limits as JSON>`. It lives and dies with the supervisor's IPC channel.
const LAST_WORDS_MS = 500;
/** Revision of the flows that run now, told by the runtime's own events; null while nothing runs. */
let revision: string | null = null;

process.on('disconnect', () => process.exit(0));
// It may have gone while this process was loading.
if (!process.connected) process.exit(0);
// A terminal or a service manager signals the whole group: the supervisor says when it is over.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('uncaughtException', (error) => {
  setTimeout(() => process.exit(1), LAST_WORDS_MS).unref();
  process.send?.({ kind: 'crash', reason: String(error) } satisfies RunnerEvent, () => process.exit(1));
});

const trial = new FlowTrial(red);
const [folder = process.cwd(), limits = '{"broker":{},"door":{}}'] = process.argv.slice(2);
red.init(await openRunnerSettings(folder, JSON.parse(limits) as Limits, hear));
const runtimeStarted = new Promise((resolve) => red.events.once('flows:started', resolve));
red.events.on('flows:started', ({ config }: FlowsEvent) => (revision = config.rev));
red.events.on('flows:stopping', () => (revision = null));
await red.start();
await runtimeStarted;
process.on('message', (request: RunnerRequest) => {
  answer(request).then(tell, (error: unknown) => tell({ kind: 'verdict', id: request.id, problem: String(error) }));
});
tell({
  kind: 'ready',
  versions: { chartwire: ownPackage.version, nodeRed: red.version(), node: process.versions.node },
});

async function answer(request: RunnerRequest): Promise<RunnerEvent> {
  const { id } = request;
  switch (request.kind) {
    case 'check':
      return verdict(
        id,
        flowsStartProblem(JSON.parse(request.flows) as FlowNode[], (type) => Boolean(red.nodes.getType(type))),
      );
    case 'run':
      return verdict(id, await trial.run(request.flows, request.soakMs));
    case 'running':
      return { kind: 'running', id, revision };
  }
}

function verdict(id: number, problem: string | undefined): RunnerEvent {
  return { kind: 'verdict', id, ...(problem === undefined ? {} : { problem }) };
}

function hear(line: LogLine): void {
  trial.hear(line);
  // Releases carry no credentials, and nothing is stored here: there is nothing to encrypt.
  if (line.msg === red.log._('nodes.credentials.unencrypted')) return;
  tell({ kind: 'log', level: line.level <= LOG_LEVEL.error ? 'error' : 'warn', text: lineText(line) });
}

function tell(event: RunnerEvent): void {
  if (process.connected) process.send?.(event);
}
