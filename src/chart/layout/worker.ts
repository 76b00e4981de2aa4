import { parentPort, workerData } from 'node:worker_threads';
import ELK from 'elkjs/lib/elk.bundled.js';
import { arrange } from './arrange.ts';
import type { LayoutPlan } from './plan.ts';

// elkjs calls this a default export in its types, and exports the class itself.
const elk = new (ELK as unknown as typeof ELK.default)();

const answer = (told: unknown): void => parentPort?.postMessage(told, []);

arrange(workerData as LayoutPlan, (graph) => elk.layout(graph)).then(
  (places) => answer({ places }),
  (error: unknown) => answer({ problem: error instanceof Error ? error.message : String(error) }),
);
