import type { TestHost } from './host.ts';

/** The part of `chartwire status --json` that tests look at. */
export interface Status {
  readonly version: string;
  readonly uptimeInS: number;
  readonly listeners: Readonly<Record<string, string | null>>;
  readonly flows: readonly { readonly id: string; readonly name: string }[];
  readonly nodes: readonly NodeStatus[];
  readonly wires: readonly {
    readonly from: string;
    readonly port: number;
    readonly to: string;
    readonly messages: number;
  }[];
  readonly links: readonly {
    readonly id: string;
    readonly protocol: string;
    readonly state: string;
    readonly sent: number;
    readonly received: number;
  }[];
  readonly door: Readonly<
    Record<'mqtt' | 'http1' | 'http2' | 'websocket', { readonly open: number; readonly taken: number }>
  >;
  readonly broker: { readonly clients: number; readonly published: number };
}

export interface NodeStatus {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly flow: string;
  readonly chartId: string;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly errors: number;
  readonly state: string;
}

export async function statusOf(host: TestHost): Promise<Status> {
  return (await host.status()) as unknown as Status;
}

/** The node that stands for a box of the chart. */
export function boxOf({ nodes }: Pick<Status, 'nodes'>, chartId: string): NodeStatus {
  const found = nodes.find((node) => node.chartId === chartId);
  if (found === undefined) throw new Error(`no node stands for ${chartId}`);
  return found;
}
