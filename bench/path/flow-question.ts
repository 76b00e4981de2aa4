/** Asks the process of one flow to load it, or to run it. */
export type FlowQuestion =
  | { readonly start: { readonly flow: readonly object[]; readonly fused: boolean } }
  | { readonly runForMs: number; readonly payload: string };

export interface FlowSlice {
  readonly messages: number;
  readonly ms: number;
  readonly cpuMs: number;
}
