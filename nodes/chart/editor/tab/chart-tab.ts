import { parseChart, type ParsedChart } from '../../../../src/chart/parse/parse-chart.ts';
import type { ChartDiagnostic, Span } from '../../../../src/chart/parse/span.ts';
import { conflictForm } from '../sync/conflict-form.ts';
import { ChartSync } from '../sync/chart-sync.ts';
import type { SyncState } from '../sync/sync-state.ts';
import { element } from '../element.ts';
import { sizeProblem } from '../size-problem.ts';
import { word } from '../words.ts';
import { changeWords } from './change-words.ts';
import { openCodeEditor, type CodeEditor, type CodeFix } from './code-editor.ts';
import { fixesOf } from './fixes.ts';
import { LiveFigures } from './live-figures.ts';
import { PictureView } from './picture-view.ts';
import { problemList } from './problem-list.ts';
import { boxAt, spansOf } from './places.ts';
import { Selection } from './selection.ts';
import { tabForm, type TabForm } from './tab-form.ts';
import { TabRoom } from './tab-room.ts';

/** Pause after a key before the chart is read, in ms; what was pasted is read at once. */
const READ_AFTER_MS = 200;
/** Further pause before it is drawn and compared with the flow, in ms: more work than a writer should meet with the next key. */
const DRAW_AFTER_MS = 250;

/** The sidebar's tab: the chart of the flow that is shown, as text and as picture, both ways in step with the canvas. */
export class ChartTab {
  readonly element: HTMLElement;
  readonly sync: ChartSync;
  readonly room: TabRoom;
  readonly #form: TabForm;
  readonly #view: PictureView;
  readonly #selection: Selection;
  readonly #live: LiveFigures;
  #editor: CodeEditor | undefined;
  #parsed: ParsedChart | undefined;
  #fixes: readonly CodeFix[] = [];
  #timer: number | undefined;

  constructor() {
    this.#view = new PictureView({ onSelect: (id) => this.#selection.choose(id) });
    this.#form = tabForm(this.#view.element);
    this.element = element('div', { class: 'chartwire-tab-host' }, this.#form.body);
    this.room = new TabRoom(this.element);
    this.sync = new ChartSync({
      onText: (text) => this.#show(text),
      onState: (state) => this.#tell(state),
    });
    this.#selection = new Selection(this.sync, (ids) => this.#mark(ids));
    this.#live = new LiveFigures(this.sync, this.#view, () => this.#parsed?.model.edges ?? []);
    new ResizeObserver(() => this.#editor?.layout()).observe(this.#form.text);
  }

  /** The bar, for the buttons of what else there is to do. */
  get bar(): HTMLElement {
    return this.#form.bar;
  }

  /** What is written, whether it is applied or not. */
  get text(): string {
    return this.#editor?.text ?? this.sync.text;
  }

  /** What is written, read. */
  get parsed(): ParsedChart | undefined {
    return this.#parsed;
  }

  get view(): PictureView {
    return this.#view;
  }

  get live(): LiveFigures {
    return this.#live;
  }

  /** Called when the tab is shown: the code editor is made when somebody first wants it. */
  shown(): void {
    this.#editor ??= openCodeEditor(this.#form.text, word('dialog.text'), {
      onChange: () => this.#changed(),
      onPaste: () => this.#read(),
      onCursor: (offset) => this.#selection.mark(boxAt(this.#parsed, offset)),
      fixesAt: (from, to) => this.#fixes.filter(({ diagnostic: { span } }) => span.start <= to && span.end >= from),
    });
    this.#show(this.sync.text);
    this.sync.start();
  }

  focusText(): void {
    this.#editor?.reveal({ start: 0, end: 0 }, true);
  }

  /** Puts another text into the editor, as if it were written. */
  write(text: string): void {
    this.#editor?.replace(text);
    this.#read();
  }

  #show(text: string): void {
    this.#editor?.replace(text);
    this.#read(false);
  }

  #changed(): void {
    this.sync.hold();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#read(true, DRAW_AFTER_MS), READ_AFTER_MS);
  }

  /**
   * Reads what is written, and then says what follows from it: diagnostics, picture, and what it would change. Each has a turn
   * of its own, so that a key waits for one of them at most.
   */
  #read(offer = true, drawAfterMs = 0): void {
    clearTimeout(this.#timer);
    const { text } = this;
    const tooLarge = sizeProblem(text);
    this.#parsed = tooLarge === undefined ? parseChart(text) : undefined;
    const diagnostics = this.#parsed?.diagnostics ?? [];
    const right = tooLarge === undefined && diagnostics.every(({ severity }) => severity !== 'error');
    this.#fixes = this.#parsed === undefined ? [] : fixesOf(this.#parsed);
    this.#editor?.mark(diagnostics);
    this.#list(diagnostics);
    if (tooLarge !== undefined) this.#say(tooLarge, true);
    // A picture of half a chart would jump about with every key.
    const draw = (): void => {
      if (right) this.#view.show(this.#parsed?.model, word('tab.picture'));
      this.#live.draw();
      this.#selection.refresh();
    };
    this.#inTurns(offer ? [draw, () => this.sync.offer(text, right)] : [draw], drawAfterMs);
  }

  #inTurns([first, ...rest]: readonly (() => void)[], afterMs = 0): void {
    if (first === undefined) return;
    this.#timer = window.setTimeout(() => {
      first();
      this.#inTurns(rest);
    }, afterMs);
  }

  #list(diagnostics: readonly ChartDiagnostic[]): void {
    const items = problemList(diagnostics, this.#fixes, {
      goTo: ({ span }) => this.#editor?.reveal(span, true),
      fix: ({ span, text }) => this.write(`${this.text.slice(0, span.start)}${text}${this.text.slice(span.end)}`),
    });
    this.#form.problems.replaceChildren(...items);
  }

  /** What selection there is, in picture and text. */
  #mark(ids: ReadonlySet<string>): void {
    this.#view.select(ids);
    const [first] = ids;
    const span: Span | undefined = first === undefined ? undefined : spansOf(this.#parsed, first)[0];
    if (span !== undefined && this.#editor?.hasFocus === false) this.#editor.reveal(span, false);
  }

  #tell(state: SyncState): void {
    this.#form.conflicts.replaceChildren();
    switch (state.kind) {
      case 'none':
        this.#say(word('tab.none'));
        break;
      case 'same':
        this.#say(this.#parsed === undefined ? '' : word('tab.same'));
        break;
      case 'wrong':
        if (this.#parsed !== undefined) this.#say(word('tab.wrong'), true);
        break;
      case 'ready':
        this.#say(changeWords(state.change));
        break;
      case 'failed':
        this.#say(state.reason, true);
        break;
      case 'conflict':
        this.#say(word('tab.conflict'), true);
        this.#form.conflicts.replaceChildren(
          conflictForm(state.conflicts, (sides) => this.sync.settle(state.conflicts, sides)),
        );
        break;
    }
  }

  #say(text: string, wrong = false): void {
    if (this.#form.status.textContent !== text) this.#form.status.textContent = text;
    this.#form.status.classList.toggle('chartwire-tab-wrong', wrong);
  }
}
