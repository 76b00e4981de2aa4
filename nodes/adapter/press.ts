import type { NodeAPI } from 'node-red';
import { Fault } from '../../src/fault.ts';
import { answerError } from './answer-error.ts';

type Press = (body: unknown) => Promise<unknown>;

const presses = new Map<string, Press>();
const served = new WeakSet<NodeAPI['httpAdmin']>();

/** Lets the node's button, and whoever may write flows, reach a node: `POST chartwire/nodes/<id>/press`. */
export function pressable(RED: NodeAPI, id: string, signal: AbortSignal, press: Press): void {
  presses.set(id, press);
  signal.addEventListener('abort', () => {
    if (presses.get(id) === press) presses.delete(id);
  });
  serve(RED);
}

function serve(RED: NodeAPI): void {
  // A headless runtime has no admin server.
  if (RED.httpAdmin === undefined || served.has(RED.httpAdmin)) return;
  served.add(RED.httpAdmin);
  RED.httpAdmin.post('/chartwire/nodes/:id/press', RED.auth.needsPermission('flows.write'), (request, response) => {
    const id = request.params['id'];
    const press = typeof id === 'string' ? presses.get(id) : undefined;
    if (press === undefined) {
      response.status(404).json(new Fault('NODE_UNKNOWN', { id: String(id) }));
      return;
    }
    press(request.body).then(
      (answer) => response.json(answer ?? {}),
      (error: unknown) => answerError(response, error),
    );
  });
}
