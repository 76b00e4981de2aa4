/** Asks the process of one flow to load it, or to run it. */
export type FlowQuestion =
  | { readonly start: { readonly flow: readonly object[]; readonly fused: boolean } }
  | { readonly runForMs: number; readonly payload: string }
  /** Has somebody look at the flow from now on, as the editor's live figures do, or nobody. */
  | { readonly look: boolean };

export interface FlowSlice {
  readonly messages: number;
  readonly ms: number;
  readonly cpuMs: number;
}
