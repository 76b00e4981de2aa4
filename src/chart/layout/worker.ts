import { parentPort } from 'node:worker_threads';
import ELK from 'elkjs/lib/elk.bundled.js';
import { arrange } from './arrange.ts';
import type { LayoutAnswer, LayoutQuestion } from './plan.ts';

// elkjs calls this a default export in its types, and exports the class itself.
const elk = new (ELK as unknown as typeof ELK.default)();

const answer = (told: LayoutAnswer): void => parentPort?.postMessage(told, []);

parentPort?.on('message', ({ plan, tidy }: LayoutQuestion) => {
  arrange(plan, tidy ? (graph) => elk.layout(graph) : undefined).then(
    (places) => answer({ places }),
    (error: unknown) => answer({ problem: error instanceof Error ? error.message : String(error) }),
  );
});
