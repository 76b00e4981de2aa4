import { startChild } from '../../child.ts';
import type { BridgeSide } from './bridge-side.ts';

/** A program written by hand with mqtt.js. It has no middle. */
export function handSide(name: string): BridgeSide {
  const child = startChild(new URL('./hand-process.ts', import.meta.url));
  return {
    name,
    pids: [child.pid],
    async join({ port, qos, tls }) {
      await child.ask({ port, qos, ca: tls?.ca });
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
