import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Limits } from '../app/limits.ts';
import type { FlowNode } from '../chart/flow-node.ts';
import { Fault } from '../fault.ts';

/** What commands get from the place they are put together: src knows no Node-RED. */
export interface Program {
  /** Starts the whole of Chartwire. */
  start(options: StartOptions): Promise<Running & { readonly url: string; readonly setupUrl: string | undefined }>;
  /** The nodes a chart becomes, complete with all settings. Rejects with CHART_INVALID. */
  flowOfChart(text: string, name: string): Promise<readonly object[]>;
  /** The chart of a flow, with what was edited in the flow since. Rejects with CHART_INVALID. */
  chartOfFlow(flow: readonly FlowNode[]): Promise<string>;
  /** Joins and runs an edge host. */
  edge(options: {
    home: string;
    join: string | undefined;
    limits: Limits;
    say: (line: string) => void;
  }): Promise<Running>;
}

/** What `chartwire start` takes. */
export interface StartOptions {
  /** Folder of all state. Made when missing. */
  readonly home: string;
  readonly host: string;
  /** Port of the editor; 0 takes any free one. */
  readonly port: number;
  /** Port of the front door; 0 takes any free one. */
  readonly tlsPort: number;
  /** True when the user named the port himself: then another is never taken silently. */
  readonly portsGiven: { readonly port: boolean; readonly tlsPort: boolean };
  readonly headless: boolean;
  /** Serve the editor over TLS with the certificate of the local CA. */
  readonly editorTls: boolean;
  /** Accept a bind off loopback without TLS. */
  readonly insecure: boolean;
  /** Let neighbouring nodes of ours call each other directly. */
  readonly fuse: boolean;
  /** Those of the front door hold for listeners with ports of their own, too; the defaults without it. */
  readonly limits?: Limits;
  /** Password set on the first start, instead of the one-time address. */
  readonly password: string | undefined;
  /** A line for the user. */
  readonly say: (line: string) => void;
  /** The flow to run instead of the one the home has. */
  readonly flow?: readonly object[];
}

/** What a command keeps running until a signal comes. */
export interface Running {
  close(): Promise<void>;
}

/** One command of `chartwire`. It prints its result to standard output, may resolve with an exit code, and throws a Fault when it fails. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** What `--help` says besides, line by line. */
  readonly details?: readonly string[];
  run(words: readonly string[], program: Program): Promise<number | void>;
}

/** Reads options; anything unknown is COMMAND_USAGE. */
export function readOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  words: readonly string[],
  usage: string,
  options: Options,
): ReturnType<typeof parseArgs<{ options: Options; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new Fault('COMMAND_USAGE', { problem: error instanceof Error ? error.message : String(error), usage });
  }
}

/** A port number, or the default when the option is absent. */
export function portOption(text: string | undefined, fallback: number, usage: string): number {
  if (text === undefined) return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Fault('COMMAND_USAGE', { problem: `"${text}" is not a port (0 to 65535)`, usage });
}
