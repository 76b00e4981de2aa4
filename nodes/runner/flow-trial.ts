import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '../../src/fleet/digest.ts';
import { enabledNodes, type FlowNode } from '../../src/fleet/flow-nodes.ts';
import { type EmbeddedRed, type FlowsEvent, lineText, LOG_LEVEL, type LogLine } from './embedded-red.ts';

/** Runtime states in which Node-RED answers "ok" and runs nothing. */
const STOPPED = ['missing-types', 'missing-modules', 'safe-mode'];

interface StateEvent {
  readonly id: string;
  readonly payload?: { readonly error?: string; readonly types?: readonly string[] };
}

/** Deploys flows into the live runtime and judges whether they run. */
export class FlowTrial {
  readonly #red: EmbeddedRed;
  #hear: ((line: LogLine) => void) | undefined;

  constructor(red: EmbeddedRed) {
    this.#red = red;
  }

  /** Every log line of the runtime comes through here. */
  hear(line: LogLine): void {
    if (line.level <= LOG_LEVEL.error) this.#hear?.(line);
  }

  /** Says why the flows do not run well, or nothing when they do after the soak time. */
  async run(text: string, soakMs: number): Promise<string | undefined> {
    const flows = JSON.parse(text) as FlowNode[];
    const soaking = new AbortController();
    const initialised = new Set(flows.filter((node) => isText(node['initialize'])).map((node) => node.id));
    let started = false;
    let problem: string | undefined;
    const hear = (line: LogLine): void => {
      // Once it runs, a node may complain about a message; an On Start that fails is heard only now.
      if (started && !initialised.has(line.id ?? '')) return;
      problem ??= lineText(line);
      soaking.abort();
    };
    try {
      const stopped = await this.#deploy(flows, digestOf(text), hear);
      await sleep(0);
      started = true;
      problem ??= stopped ?? this.#deadNodeProblem(flows);
      if (problem === undefined) await sleep(soakMs, undefined, { signal: soaking.signal }).catch(() => {});
      return problem;
    } finally {
      this.#hear = undefined;
    }
  }

  /** Resolves when exactly this revision runs, or with the reason why the runtime runs nothing. */
  async #deploy(
    flows: readonly FlowNode[],
    revision: string,
    hear: (line: LogLine) => void,
  ): Promise<string | undefined> {
    const { events } = this.#red;
    const outcome = Promise.withResolvers<string | undefined>();
    // Not before: what the nodes of the old flow say as they close is not the new one's fault.
    const starting = ({ config }: FlowsEvent): void => {
      if (config.rev === revision) this.#hear = hear;
    };
    const started = ({ config }: FlowsEvent): void => {
      if (config.rev === revision) outcome.resolve(undefined);
    };
    const changed = ({ id, payload }: StateEvent): void => {
      if (id !== 'runtime-state' || payload?.error === undefined || !STOPPED.includes(payload.error)) return;
      outcome.resolve(`the runtime runs nothing: ${[payload.error, ...(payload.types ?? [])].join(' ')}`);
    };
    events.on('flows:starting', starting);
    events.on('flows:started', started);
    events.on('runtime-event', changed);
    try {
      await this.#red.runtime.flows.setFlows({ flows: { flows }, deploymentType: 'flows', req: {} });
      return await outcome.promise;
    } finally {
      events.off('flows:starting', starting);
      events.off('flows:started', started);
      events.off('runtime-event', changed);
    }
  }

  #deadNodeProblem(flows: readonly FlowNode[]): string | undefined {
    const dead = enabledNodes(flows).find((node) => !this.#red.nodes.getNode(node.id));
    return dead === undefined ? undefined : `node "${dead.name ?? dead.id}" (${dead.type}) did not start`;
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
