/** Asks the process of one flow to load it, or to run it. */
export type FlowQuestion =
  | { readonly start: FlowStart }
  /** `entry` is the id of the first node, `entry` when it is not given. */
  | { readonly runForMs: number; readonly payload: string; readonly entry?: string };

export interface FlowStart {
  readonly flow: readonly object[];
  readonly fused: boolean;
  readonly look?: LookAt;
}

/** The nodes whose ids begin so are counted, and looked at as the editor's live figures do. */
export interface LookAt {
  readonly prefix: string;
  /** Nobody looks at them either: they are counted only. */
  readonly switchedOff: boolean;
  /** The others are not even counted: they are as in a Node-RED that knows nothing of us. */
  readonly countsOnly: boolean;
}

export interface FlowSlice {
  readonly messages: number;
  readonly ms: number;
  readonly cpuMs: number;
}
