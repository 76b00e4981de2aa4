import type { Answer, Diagnostic, ExplainedBox, FlowNode } from './answer.ts';
import { refusal } from './refusal.ts';

interface Question {
  readonly text: string;
  readonly name: string;
  /** For a copy: any text that makes other ids. */
  readonly id?: string;
}

/**
 * Asks this machine's runtime what a chart becomes. Nothing of the flow changes by asking. After the signal the runtime
 * stops working on it, and the answer is a failure that nobody reads.
 */
export function ask(question: Question, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const request = $.ajax({
      url: 'chartwire/chart/to-flow',
      type: 'POST',
      data: JSON.stringify(question),
      contentType: 'application/json',
      success: (answer) => resolve(flowOf(answer)),
      error: ({ status, responseJSON }) => resolve(problemOf(status, responseJSON)),
    });
    signal.addEventListener('abort', () => request.abort(), { once: true });
  });
}

function flowOf(answer: unknown): Answer {
  // Our own server side says it, in `nodes/chart/plugin.ts`.
  const { flow, explained, arrows, diagnostics } = answer as {
    flow: FlowNode[];
    explained: ExplainedBox[];
    arrows: number;
    diagnostics: Diagnostic[];
  };
  return { kind: 'flow', flow, boxes: explained, arrows, warnings: diagnostics };
}

function problemOf(status: number, answer: unknown): Answer {
  if (typeof answer === 'object' && answer !== null) {
    if ('diagnostics' in answer) return { kind: 'wrong', diagnostics: answer.diagnostics as Diagnostic[] };
  }
  return { kind: 'failed', reason: refusal(status, answer) };
}
