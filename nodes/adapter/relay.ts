import type { NodeAPI } from 'node-red';
import { countsOf } from './foreign-counts.ts';
import type { FlowMessage } from './message.ts';
import type { Receiver, RuntimeNode, Source } from './own-node.ts';

/** Types of Node-RED's own nodes that pass each message on as it is. A link out node does in one of its modes. */
export function isRelay(type: string, mode: unknown): boolean {
  return (
    type === 'junction' ||
    type === 'link in' ||
    type.startsWith('subflow:') ||
    (type === 'link out' && mode !== 'return')
  );
}

/** Takes messages past a node that would pass them on as they are, and does what else that node does. */
export class Relay implements Receiver, Source {
  readonly node: RuntimeNode;
  readonly direct: (Receiver | undefined)[] = [undefined];
  readonly #RED: NodeAPI;
  /** What a link out node tells of each message. */
  readonly #event: string | undefined;

  constructor(RED: NodeAPI, node: RuntimeNode) {
    this.#RED = RED;
    this.node = node;
    this.#event = node.type === 'link out' ? `node:${node.id}` : undefined;
  }

  take(message: FlowMessage): void {
    const counts = countsOf(this.node);
    if (counts !== undefined) {
      counts.received += 1;
      if (counts.follows) counts.look?.arrived(message)?.(false);
    }
    if (this.#event !== undefined) {
      message['_event'] = this.#event;
      this.#RED.events.emit(this.#event, message);
    }
    const [next] = this.direct;
    if (next === undefined) {
      this.sendByRuntime(0, message);
      return;
    }
    if (counts !== undefined) {
      const sent = (counts.sent[0] ?? 0) + 1;
      counts.sent[0] = sent;
      if (sent >= (counts.next[0] ?? Infinity)) counts.look?.left(0, sent, this.node.wires[0] ?? [], message, true);
    }
    next.take(message);
  }

  sendByRuntime(_port: number, message: FlowMessage): void {
    this.node.send(message as never);
  }
}
