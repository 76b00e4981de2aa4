const starts = new WeakMap<object, Promise<unknown>>();

/** Notes the start of a node, for others that need it to have happened. */
export function noteStart(node: object, start: Promise<unknown>): void {
  starts.set(node, start);
}

/** Resolves when a node of ours has started and rejects with the reason why it could not; at once for any other node. */
export async function started(node: object): Promise<void> {
  await starts.get(node);
}
