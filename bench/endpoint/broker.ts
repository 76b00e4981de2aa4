import { startChild } from '../child.ts';
import type { Identities } from './identities.ts';

/** The embedded broker in a process of its own: both sides use it, and its CPU time is nobody's. */
export async function startBroker(identities: Identities): Promise<AsyncDisposable & { url: string }> {
  const child = startChild(new URL('./broker-process.ts', import.meta.url));
  const url = String(await child.ask(identities));
  return { url, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}
