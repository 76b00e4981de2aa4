// Chart and flow, both ways. Runs in Node and in the editor: nothing here, or behind it, imports from `node:`.
export { checkChart } from './check.ts';
export type { ChartDiagnostic, QuickFix, Span } from './parse/span.ts';
export type { FlowOfChartOptions } from './derive.ts';
export { type ChartFlow, type Explanation, flowOfChart } from './flow-of-chart.ts';
export type { Binding, FlowNode } from './flow-node.ts';
export { chartOfFlow, type Complete } from './chart-of-flow.ts';
export { applyFlowEdits, type FlowEdit, flowEditsBetween } from './sync/flow-edits.ts';
export { applyTextEdits, type TextEdit, textEditsBetween } from './sync/text-edits.ts';
export { bindingsOf, chartNodeOf } from './sync/chart-node.ts';
export { type Conflict, merge, type MergeBase, type Merged, type MergeResult } from './sync/merge.ts';
export { type ChartPatch, patchChart } from './sync/patch-chart.ts';
export { patchFlow } from './sync/patch-flow.ts';
export { findCharts, type FoundChart, type FoundCharts, holdsChart, isChart } from './charts-in-text.ts';
