import { isRecord } from '../is-record.ts';
import type { LiveNode } from './live-reading.ts';

/** A node is held up (back-pressure), or its loop guard has dropped messages. */
export type LiveMark = 'held' | 'guarded';

/** What a node is marked with. `status` is what the editor shows below it: our nodes tell there what their guard dropped. */
export function marksOf({ held }: LiveNode, status: unknown): LiveMark[] {
  const text = isRecord(status) ? String(status['text']) : '';
  return [...(held === true ? ['held' as const] : []), ...(text.includes('loop guard') ? ['guarded' as const] : [])];
}
