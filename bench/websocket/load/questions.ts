/** What the load process can be asked to do. */
export type Question =
  | {
      readonly do: 'dial';
      readonly key: string;
      readonly port: number;
      readonly path: string;
      readonly connections: number;
      readonly payloadBytes: number;
      readonly window: number;
      readonly toAll: boolean;
    }
  | { readonly do: 'run'; readonly key: string; readonly forMs: number }
  | { readonly do: 'hangUp'; readonly key: string }
  /** Connections that stay and do nothing, until `leave`. */
  | { readonly do: 'idle'; readonly port: number; readonly path: string; readonly connections: number }
  /** One that never reads. */
  | { readonly do: 'stall'; readonly port: number; readonly path: string }
  | { readonly do: 'leave' };
