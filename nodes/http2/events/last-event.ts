import type { Node } from 'node-red';
import { isRecord } from '../../../src/is-record.ts';

/** Under this name the context keeps where to go on. */
const KEY = 'chartwire-last-event';

interface Kept {
  readonly url: string;
  readonly id: string;
}

/** Without a configured context store Node-RED forgets the context of a node at each deploy. */
const ofThisProcess = new Map<string, Kept>();

/** The id of the last event a node has read at this address; undefined when there was none. */
export function keptEventId(node: Node, url: string): string | undefined {
  const kept: unknown = node.context().get(KEY) ?? ofThisProcess.get(node.id);
  return isRecord(kept) && kept['url'] === url && typeof kept['id'] === 'string' ? kept['id'] : undefined;
}

export function keepEventId(node: Node, url: string, id: string): void {
  const kept: Kept = { url, id };
  ofThisProcess.set(node.id, kept);
  node.context().set(KEY, kept);
}
