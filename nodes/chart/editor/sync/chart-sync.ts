import {
  type Binding,
  bindingsOf,
  checkChart,
  type Conflict,
  flowOfChart,
  merge,
} from '../../../../src/chart/index.ts';
import { isFault } from '../../../../src/fault.ts';
import type { FlowNode } from '../answer.ts';
import { limits } from '../limits.ts';
import { word } from '../words.ts';
import { applyChange } from './apply-flow.ts';
import { chartNow, ownOptions, readyFor, sameFlow } from './both-ways.ts';
import { compareFlows, isEmpty } from './compare-flows.ts';
import { chartNodeOf, flowOfTab, isChartNode } from './flow-of-tab.ts';
import { decided, type Side } from './decide.ts';
import { withFreeIds } from './free-ids.ts';
import { hideGhosts, showGhosts } from './ghosts.ts';
import type { Agreed, Ready, SyncEvents } from './sync-state.ts';
import { TextMemory, type Remembered } from './text-memory.ts';

/** One edit of the user makes several events, in ms. */
const FOLLOW_AFTER_MS = 40;
const APPLY_SETTING = 'chartwire-chart-apply';
const EVENTS = [
  'flows:change',
  'flows:loaded',
  'groups:add',
  'groups:change',
  'groups:remove',
  'junctions:add',
  'junctions:remove',
  'links:add',
  'links:remove',
  'nodes:add',
  'nodes:change',
  'nodes:remove',
  'workspace:change',
];

/** Keeps the chart of each tab and its flow in step, both ways. */
export class ChartSync {
  readonly #events: SyncEvents;
  readonly #agreed = new Map<string, Agreed>();
  readonly #memory = new TextMemory();
  #tab = '';
  #draft: string | undefined;
  #ready: Ready | undefined;
  /** What both sides were before they were edited apart. */
  #apart: Agreed | undefined;
  #followTimer: number | undefined;
  #applyTimer: number | undefined;
  #applying = false;
  #seen = false;

  constructor(events: SyncEvents) {
    this.#events = events;
    for (const event of EVENTS) RED.events.on(event, () => this.#later());
  }

  /** The text that says what the flow of the shown tab does. */
  get text(): string {
    return this.#agreed.get(this.#tab)?.text ?? '';
  }

  /** Whether what is written is applied by itself. */
  get appliesItself(): boolean {
    return localStorage.getItem(APPLY_SETTING) !== 'off';
  }

  set appliesItself(on: boolean) {
    localStorage.setItem(APPLY_SETTING, on ? 'on' : 'off');
    clearTimeout(this.#applyTimer);
    if (on && this.#ready !== undefined) this.apply();
  }

  /** Somebody sees the tab: from now on a tab without a chart has one written for it. */
  start(): void {
    this.#seen = true;
    this.#followFlow();
  }

  nodeOf(box: string): string | undefined {
    return this.#bindings().find(({ chartId }) => chartId === box)?.nodeId;
  }

  /** The node of every box. */
  nodes(): ReadonlyMap<string, string> {
    return new Map(this.#bindings().map(({ chartId, nodeId }) => [chartId, nodeId]));
  }

  boxOf(node: string): string | undefined {
    return this.#bindings().find(({ nodeId }) => nodeId === node)?.chartId;
  }

  /** Somebody is writing: nothing is applied under their hands. */
  hold(): void {
    clearTimeout(this.#applyTimer);
  }

  /** What is written. `right` says that it can be read. */
  offer(text: string, right: boolean): void {
    this.hold();
    this.#draft = text;
    this.#ready = undefined;
    hideGhosts();
    const agreed = this.#agreed.get(this.#tab);
    if (agreed === undefined) return;
    if (text === agreed.text) this.#same();
    else if (!right) this.#events.onState({ kind: 'wrong' });
    else if (this.#apart === undefined) this.#prepare(agreed, text);
    else this.#merge(this.#apart, text);
  }

  /** Makes what is written the flow, in one step of undo. */
  apply(): void {
    clearTimeout(this.#applyTimer);
    const ready = this.#ready;
    if (ready === undefined) return;
    if (RED.nodes.workspace(this.#tab)?.['locked'] === true) {
      this.#events.onState({ kind: 'failed', reason: word('tab.locked') });
      return;
    }
    this.#ready = undefined;
    hideGhosts();
    this.#applying = true;
    try {
      applyChange(compareFlows(flowOfTab(this.#tab), [...ready.after, this.#chartNode(ready)]), () => this.#later());
    } finally {
      this.#applying = false;
    }
    this.#agree(ready.text);
    this.#same();
  }

  /** Takes the flow's own text again. */
  discard(): void {
    this.#leave();
    this.#draft = this.text;
    this.#same();
    this.#events.onText(this.text);
  }

  /** Conflicts were decided, each for one side: what follows is made at once. */
  settle(conflicts: readonly Conflict[], sides: readonly Side[]): void {
    const [base, text] = [this.#apart, this.#draft];
    if (base === undefined || text === undefined) return;
    const flow = decided(flowOfTab(this.#tab), conflicts, sides);
    const result = merge(base, text, flow, { ...ownOptions(base.flow), prefer: 'flow' });
    if (!('merged' in result)) return;
    const { merged } = result;
    const after = merged.flow.filter((node) => !isChartNode(node));
    const bindings = bindingsOf(merged.flow.find(isChartNode));
    this.#ready = withFreeIds({ text: merged.text, after, bindings }, flowOfTab(this.#tab));
    this.#apart = undefined;
    this.#events.onText(merged.text);
    this.apply();
  }

  #bindings(): readonly Binding[] {
    const node = chartNodeOf(this.#tab);
    return node === undefined ? this.#written(this.text) : bindingsOf(node);
  }

  /** Which box is which node in a chart that was written from a flow: it says so itself. */
  #written(text: string): readonly Binding[] {
    if (this.#writtenFor?.text === text) return this.#writtenFor.bindings;
    let bindings: readonly Binding[] = [];
    try {
      bindings = flowOfChart(text, { tabId: this.#tab }).bindings;
    } catch {
      // A text that is no chart binds nothing.
    }
    this.#writtenFor = { text, bindings };
    return bindings;
  }

  #writtenFor: { readonly text: string; readonly bindings: readonly Binding[] } | undefined;

  #later(): void {
    if (this.#applying) return;
    clearTimeout(this.#followTimer);
    this.#followTimer = window.setTimeout(() => this.#followFlow(), FOLLOW_AFTER_MS);
  }

  /** The flow may have changed, or another tab is shown. */
  #followFlow(): void {
    const tab = RED.workspaces.active();
    if (RED.nodes.workspace(tab) === undefined) {
      this.#leave();
      this.#tab = '';
      this.#events.onText('');
      this.#events.onState({ kind: 'none' });
      return;
    }
    const other = tab !== this.#tab;
    if (other) this.#leave();
    this.#tab = tab;
    const node = chartNodeOf(tab);
    if (node === undefined && !this.#seen) return;
    const before = this.#agreed.get(tab);
    const flow = flowOfTab(tab);
    const { text, bindings } = this.#chartNow(flow, before);
    this.#agreed.set(tab, { text, flow });
    this.#memory.remember(flow, text, bindings);
    if (node !== undefined && node['text'] !== text) Object.assign(node, { text, bindings, changed: true });
    // The tab that was shown when the editor opened is read only now, when somebody sees its chart.
    if (other || before === undefined) {
      this.#draft = text;
      this.#events.onText(text);
      this.#same();
    } else if (text !== before.text) this.#flowSays(before, text);
    else if (this.#ready !== undefined && this.#draft !== undefined && !sameFlow(before.flow, flow))
      this.offer(this.#draft, true);
  }

  /** A text that somebody broke in the flow file says nothing of the flow: it is shown, with what is wrong with it. */
  #chartNow(flow: readonly FlowNode[], before: Agreed | undefined): Remembered {
    try {
      return chartNow(flow, before, this.#memory);
    } catch (error) {
      this.#events.onState({ kind: 'failed', reason: errorText(error) });
      const node = flow.find(isChartNode);
      const text = node?.['text'];
      return { text: typeof text === 'string' ? text : '', bindings: bindingsOf(node) };
    }
  }

  /** The flow was edited. What is being written meanwhile is not lost: both are put together. */
  #flowSays(before: Agreed, text: string): void {
    const draft = this.#draft ?? before.text;
    if (draft === before.text || draft === text) {
      this.#draft = text;
      this.#apart = undefined;
      this.#events.onText(text);
      this.#same();
      return;
    }
    this.#apart ??= before;
    this.offer(draft, readable(draft));
  }

  #merge(base: Agreed, draft: string): void {
    const result = merge(base, draft, flowOfTab(this.#tab), ownOptions(base.flow));
    if ('conflicts' in result) {
      this.#events.onState({ kind: 'conflict', conflicts: result.conflicts });
      return;
    }
    this.#apart = undefined;
    this.#events.onText(result.merged.text);
    this.offer(result.merged.text, true);
  }

  #prepare({ text: before, flow }: Agreed, text: string): void {
    try {
      this.#ready = withFreeIds(readyFor({ text: before, flow }, text, this.#bindings()), flow);
    } catch (error) {
      this.#events.onState({ kind: 'failed', reason: errorText(error) });
      return;
    }
    const change = compareFlows(
      flow.filter((node) => !isChartNode(node)),
      this.#ready.after,
    );
    showGhosts(change);
    const soon = this.appliesItself;
    this.#events.onState({ kind: 'ready', change, soon });
    if (soon) this.#applyTimer = window.setTimeout(() => this.apply(), isEmpty(change) ? 0 : limits().applyAfterMs);
  }

  get #name(): string {
    const name = chartNodeOf(this.#tab)?.name;
    const label = RED.nodes.workspace(this.#tab)?.['label'];
    return name !== undefined && name !== '' ? name : typeof label === 'string' ? label : 'chart';
  }

  /** The chart node as it is to be: a tab that had none gets one with its first edit. */
  #chartNode({ text, bindings }: Ready): FlowNode {
    const there = flowOfTab(this.#tab).find(isChartNode);
    const made = { id: RED.nodes.id(), type: 'chartwire-chart', z: this.#tab, name: this.#name };
    return { ...(there ?? made), text, bindings };
  }

  #agree(text: string): void {
    const flow = flowOfTab(this.#tab);
    this.#agreed.set(this.#tab, { text, flow });
    this.#memory.remember(flow, text, this.#bindings());
    this.#draft = text;
  }

  #same(): void {
    this.#apart = undefined;
    this.#events.onState({ kind: 'same' });
  }

  #leave(): void {
    this.hold();
    hideGhosts();
    this.#ready = undefined;
    this.#apart = undefined;
    this.#draft = undefined;
  }
}

/** Only a text that can be read is worth more than a look. */
const readable = (text: string): boolean => checkChart(text).every(({ severity }) => severity !== 'error');

function errorText(error: unknown): string {
  return isFault(error) ? `${error.code}: ${error.message}; ${error.next}` : String(error);
}
