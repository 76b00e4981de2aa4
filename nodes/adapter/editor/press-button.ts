import type { EditorNode } from '../../../types/node-red-editor.d.ts';

/** Presses a node's button: asks the running node, and tells the user when that failed. */
export function pressButton(node: EditorNode): void {
  $.ajax({
    url: `chartwire/nodes/${encodeURIComponent(node.id)}/press`,
    type: 'POST',
    data: '{}',
    contentType: 'application/json',
    error: (request) => {
      RED.notify($('<span>').text(reasonOf(request)), 'error');
    },
  });
}

function reasonOf(request: { status: number; responseJSON?: unknown }): string {
  const answer = request.responseJSON;
  if (typeof answer === 'object' && answer !== null && 'message' in answer) {
    return 'next' in answer ? `${String(answer.message)}; ${String(answer.next)}` : String(answer.message);
  }
  return request.status === 0 ? 'The runtime does not answer' : `The runtime answered ${request.status}`;
}
