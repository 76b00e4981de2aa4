import { derive, type FlowOfChartOptions, readChart } from '../derive.ts';
import type { Binding, FlowNode } from '../flow-node.ts';
import { withoutSecrets } from '../write/secrets.ts';
import { applyFlowEdits, flowEditsBetween } from './flow-edits.ts';
import { reshaped } from './reshape.ts';
import { type TextEdit, textEditsBetween } from './text-edits.ts';

/** What follows for a chart from an edit of its flow. */
export interface ChartPatch {
  readonly text: string;
  /** The edits that make `text` of the text before. */
  readonly edits: readonly TextEdit[];
  /** Which box is which node from now on. */
  readonly bindings: readonly Binding[];
}

const NOWHERE = new Map<string, never>();

/**
 * The edits of a chart's text that follow from an edit of its flow, and nothing else: `before` and `after` are the tab as it was when
 * text and flow agreed, and as it is now. Throws CHART_INVALID.
 */
export function patchChart(
  text: string,
  bindings: readonly Binding[],
  before: readonly FlowNode[],
  after: readonly FlowNode[],
  options: FlowOfChartOptions = {},
): ChartPatch {
  const bound = new Set(bindings.map(({ nodeId }) => nodeId));
  const tabId =
    before.find(({ type, id }) => type === 'tab' && !bound.has(id))?.id ??
    before.find(({ z }) => typeof z === 'string' && !bound.has(z))?.['z'];
  // What stands in the flow is installed, or will be.
  const types = new Set([...(options.types ?? []), ...[...before, ...after].map(({ type }) => type)]);
  const own = { ...(typeof tabId === 'string' && { tabId }), ...options, bindings, types };
  const told = flowEditsBetween(before.map(withoutSecrets), after.map(withoutSecrets));
  if (told.length === 0) return { text, edits: [], bindings };
  const derived = derive(readChart(text, own), NOWHERE, own).nodes;
  // A box that the chart has and the flow never had is none of this edit's business.
  const result = reshaped(text, applyFlowEdits(derived, told), own);
  return { ...result, edits: textEditsBetween(text, result.text) };
}
