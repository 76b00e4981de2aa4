/** The life of a link. `waiting` returns to `connecting` by itself; `closed` is the end. */
export type LinkState =
  | { readonly name: 'connecting' }
  | { readonly name: 'up'; readonly since: number }
  | { readonly name: 'waiting'; readonly retryInMs: number; readonly cause: Error }
  | { readonly name: 'closed' };
