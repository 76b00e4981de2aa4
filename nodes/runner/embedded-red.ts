import type { EventEmitter } from 'node:events';
import RED from 'node-red';

/** The part of an embedded Node-RED 5 that the runner uses. */
export interface EmbeddedRed {
  init(settings: object): void;
  start(): Promise<void>;
  version(): string;
  readonly events: EventEmitter;
  readonly log: { _(key: string): string };
  readonly nodes: { getType(type: string): unknown; getNode(id: string): unknown };
  readonly runtime: {
    readonly flows: {
      getFlows(options: object): Promise<{ rev: string }>;
      setFlows(options: {
        flows: { flows: unknown };
        deploymentType: 'flows' | 'full';
        req: object;
      }): Promise<{ rev: string }>;
    };
  };
}

/** Payload of `flows:started` and its siblings. */
export interface FlowsEvent {
  readonly config: { readonly rev: string };
}

/** One line of Node-RED's log. */
export interface LogLine {
  readonly level: number;
  readonly id?: string;
  readonly type?: string;
  readonly name?: string;
  readonly msg: unknown;
}

export const LOG_LEVEL = { error: 20, warn: 30 } as const;

// @types/node-red describes the API of Node-RED 1: `init` without a server and the deployment type are missing there.
export const red = RED as unknown as EmbeddedRed;

/** The text of a log line. */
export function lineText(line: LogLine): string {
  const text = line.msg instanceof Error ? line.msg.message : String(line.msg);
  return line.id === undefined ? text : `node "${line.name ?? line.id}" (${line.type ?? 'unknown type'}): ${text}`;
}
