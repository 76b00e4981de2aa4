import { parentPort, workerData } from 'node:worker_threads';
import ELK from 'elkjs/lib/elk.bundled.js';
import { arrange } from './arrange.ts';
import type { LayoutQuestion } from './plan.ts';

// elkjs calls this a default export in its types, and exports the class itself.
const elk = new (ELK as unknown as typeof ELK.default)();

const answer = (told: unknown): void => parentPort?.postMessage(told, []);

const { plan, tidy } = workerData as LayoutQuestion;

arrange(plan, tidy ? (graph) => elk.layout(graph) : undefined).then(
  (places) => answer({ places }),
  (error: unknown) => answer({ problem: error instanceof Error ? error.message : String(error) }),
);
