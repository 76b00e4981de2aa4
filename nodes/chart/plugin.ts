import type { NodeAPI } from 'node-red';
import { layoutInWorker } from '../../src/chart/layout/in-worker.ts';
import { withMemory } from '../../src/chart/layout/layout-memory.ts';
import type { Layout } from '../../src/chart/layout/plan.ts';
import { parseChart } from '../../src/chart/parse/parse-chart.ts';
import type { ChartDiagnostic } from '../../src/chart/parse/span.ts';
import { Fault, isFault } from '../../src/fault.ts';
import { isRecord } from '../../src/is-record.ts';
import { answerError } from '../adapter/answer-error.ts';
import { fetchChart } from './fetch-chart.ts';
import { flowOfChart } from './flow-of-chart.ts';
import { LIMITS_SETTING, readLimits } from './limits.ts';

interface ChartRequest {
  readonly text: string;
  /** Label of the tab. */
  readonly name: string;
  /** Another chart id, for a copy beside the first. */
  readonly id?: string;
}

/** The server side of Import chart: answers what a chart would become, and fetches one. It keeps nothing and changes nothing. */
export default function chartPlugin(RED: NodeAPI): void {
  // A headless runtime has no admin server.
  if (RED.httpAdmin === undefined) return;
  RED.plugins.registerPlugin(LIMITS_SETTING, {
    type: LIMITS_SETTING,
    settings: { '*': { value: undefined, exportable: true } },
  });
  const { values: limits, problems } = readLimits(Reflect.get(RED.settings, LIMITS_SETTING));
  for (const problem of problems) RED.log.warn(problem);
  const layout = withMemory(layoutInWorker);
  RED.httpAdmin.post('/chartwire/chart/to-flow', RED.auth.needsPermission('flows.write'), (request, response) => {
    const asked = readRequest(request.body, limits.maxBytes);
    if (asked instanceof Fault) {
      response.status(asked.code === 'PAYLOAD_TOO_LARGE' ? 413 : 400).json(asked);
      return;
    }
    // The editor hangs up when the text has changed: nobody waits for the layout of a large chart then.
    const hungUp = new AbortController();
    response.on('close', () => hungUp.abort());
    answer(asked, layout, hungUp.signal).then(
      ({ status, body }) => response.status(status).json(body),
      (error: unknown) => {
        if (!hungUp.signal.aborted) answerError(response, error);
      },
    );
  });
  // Fetched by this machine: a page of another origin gives its text to no browser.
  RED.httpAdmin.post('/chartwire/chart/fetch', RED.auth.needsPermission('flows.write'), (request, response) => {
    const url = isRecord(request.body) ? request.body['url'] : undefined;
    if (typeof url !== 'string') {
      response.status(400).json(new Fault('MESSAGE_INVALID', { problem: 'url must be a text' }));
      return;
    }
    const hungUp = new AbortController();
    response.on('close', () => hungUp.abort());
    fetchChart(url, { maxBytes: limits.maxBytes, withinMs: limits.fetchWithinMs, signal: hungUp.signal }).then(
      (text) => response.json({ text }),
      (error: unknown) => {
        if (hungUp.signal.aborted) return;
        // The address is at fault, not what was asked.
        if (isFault(error)) response.status(422).json(error);
        else answerError(response, error);
      },
    );
  });
}

async function answer(
  { text, name, id }: ChartRequest,
  layout: Layout,
  signal: AbortSignal,
): Promise<{ status: number; body: unknown }> {
  const parsed = parseChart(text);
  if (parsed.diagnostics.some(({ severity }) => severity === 'error')) {
    return { status: 422, body: { diagnostics: told(parsed.diagnostics) } };
  }
  const { flow, explained, diagnostics } = await flowOfChart(text, {
    name,
    layout,
    signal,
    ...(id !== undefined && { id }),
  });
  return { status: 200, body: { flow, explained, arrows: parsed.model.edges.length, diagnostics: told(diagnostics) } };
}

/** Without the spans, which only the parser's callers need. */
const told = (diagnostics: readonly ChartDiagnostic[]): object[] =>
  diagnostics.map(({ line, column, expected, message, severity }) => ({ line, column, expected, message, severity }));

/** What was asked, or why it cannot be answered. */
function readRequest(body: unknown, limitBytes: number): ChartRequest | Fault {
  const invalid = (problem: string): Fault => new Fault('MESSAGE_INVALID', { problem });
  if (typeof body !== 'object' || body === null) return invalid('it is no JSON object with text and name');
  const { text, name, id } = body as Record<string, unknown>;
  if (typeof text !== 'string' || typeof name !== 'string') return invalid('text and name must be texts');
  if (id !== undefined && typeof id !== 'string') return invalid('id must be a text');
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > limitBytes) return new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes });
  return { text, name, ...(id !== undefined && { id }) };
}
