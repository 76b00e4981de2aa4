import type { NodeAPI } from 'node-red';
import { parseChart } from '../../src/chart/parse/parse-chart.ts';
import type { ChartDiagnostic } from '../../src/chart/parse/span.ts';
import { flowOfChart } from './flow-of-chart.ts';
import { errorLine } from '../../src/fault.ts';

/** Longest chart the editor may ask about, in UTF-16 units. */
const MAX_TEXT_LENGTH = 1024 * 1024;

interface ChartRequest {
  readonly text: string;
  /** Label of the tab. */
  readonly name: string;
  /** Another chart id, for a copy beside the first. */
  readonly id?: string;
}

/** The server side of Import chart: answers what a chart would become. It keeps nothing and changes nothing. */
export default function chartPlugin(RED: NodeAPI): void {
  // A headless runtime has no admin server.
  if (RED.httpAdmin === undefined) return;
  RED.httpAdmin.post('/chartwire/chart/to-flow', RED.auth.needsPermission('flows.write'), (request, response) => {
    const asked = readRequest(request.body);
    if (typeof asked === 'string') {
      response.status(400).json({ code: 'MESSAGE_INVALID', message: asked });
      return;
    }
    answer(asked).then(
      ({ status, body }) => response.status(status).json(body),
      (error: unknown) => response.status(500).json({ code: 'REQUEST_FAILED', message: errorLine(error) }),
    );
  });
}

async function answer({ text, name, id }: ChartRequest): Promise<{ status: number; body: unknown }> {
  const parsed = parseChart(text);
  if (parsed.diagnostics.some(({ severity }) => severity === 'error')) {
    return { status: 422, body: { diagnostics: told(parsed.diagnostics) } };
  }
  const { flow, explained, diagnostics } = await flowOfChart(text, { name, ...(id !== undefined && { id }) });
  return { status: 200, body: { flow, explained, arrows: parsed.model.edges.length, diagnostics: told(diagnostics) } };
}

/** Without the spans, which only the parser's callers need. */
const told = (diagnostics: readonly ChartDiagnostic[]): object[] =>
  diagnostics.map(({ line, column, expected, message, severity }) => ({ line, column, expected, message, severity }));

/** What was asked, or why it cannot be read. */
function readRequest(body: unknown): ChartRequest | string {
  if (typeof body !== 'object' || body === null) return 'send a JSON object {text, name}';
  const { text, name, id } = body as Record<string, unknown>;
  if (typeof text !== 'string' || typeof name !== 'string') return 'text and name must be texts';
  if (id !== undefined && typeof id !== 'string') return 'id must be a text';
  if (text.length > MAX_TEXT_LENGTH) return `the chart is longer than ${MAX_TEXT_LENGTH} characters`;
  return { text, name, ...(id !== undefined && { id }) };
}
