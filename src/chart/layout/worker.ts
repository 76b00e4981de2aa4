import { parentPort } from 'node:worker_threads';
import ELK from 'elkjs/lib/elk.bundled.js';
import { arrange } from './arrange.ts';
import type { LayoutPlan } from './plan.ts';

// elkjs says it is a CommonJS default export, and is one under another name.
const elk = new (ELK as unknown as typeof ELK.default)();

parentPort?.once('message', (plan: LayoutPlan) => {
  arrange(plan, (graph) => elk.layout(graph)).then(
    (places) => parentPort?.postMessage({ places }),
    (error: unknown) => parentPort?.postMessage({ problem: error instanceof Error ? error.message : String(error) }),
  );
});
