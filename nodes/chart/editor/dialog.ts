import type { FlowNode } from './answer.ts';
import { ask } from './ask.ts';
import { check, suggestName, type Checked, type CheckedChart } from './check.ts';
import { dialogForm, type DialogForm } from './dialog-form.ts';
import { element } from './element.ts';
import { nameOfFile, textOfFile } from './file-text.ts';
import { findExisting, importFlow } from './import-flow.ts';
import { report, type Place } from './report.ts';
import { word } from './words.ts';

/** Pause after the last key before the chart is read, in ms. */
const CHECK_AFTER_MS = 250;
const WIDTH_PX = 700;

let opened: ImportDialog | undefined;

/** Opens the dialog, or fills the one that is open. */
export function openDialog(text = '', fileName?: string): void {
  opened ??= new ImportDialog(() => {
    opened = undefined;
  });
  if (text !== '') opened.fill(text, fileName);
}

/** The same with files: several are read as one text of several charts. */
export async function openDialogWith(files: Iterable<File>): Promise<void> {
  openDialog();
  await opened?.read([...files]);
}

class ImportDialog {
  readonly #form: DialogForm;
  readonly #window;
  #timer: number | undefined;
  /** Grows with every change, so that the answer to an older text is known as such. */
  #edition = 0;
  #checked: Checked | undefined;
  #nameIsOwn = false;
  #fileName: string | undefined;

  constructor(onClose: () => void) {
    this.#form = dialogForm((files) => void this.read([...files]));
    const { body, text, name } = this.#form;
    text.addEventListener('input', () => this.#changed());
    text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && this.#ready !== undefined) void this.#import();
    });
    name.addEventListener('input', () => {
      this.#nameIsOwn = name.value.trim() !== '';
      this.#changed();
    });
    this.#window = $(body).dialog({
      title: word('dialog.title'),
      modal: true,
      width: Math.min(WIDTH_PX, window.innerWidth - 20),
      resizable: false,
      appendTo: '#red-ui-editor',
      classes: {
        'ui-dialog': 'red-ui-editor-dialog',
        'ui-dialog-titlebar-close': 'hide',
        'ui-widget-overlay': 'red-ui-editor-dialog',
      },
      buttons: [
        { id: 'chartwire-chart-cancel', text: word('dialog.cancel'), click: () => this.#close() },
        {
          id: 'chartwire-chart-import',
          text: word('dialog.import'),
          class: 'primary',
          click: () => void this.#import(),
        },
      ],
      open: () => RED.keyboard.disable(),
      close: () => {
        clearTimeout(this.#timer);
        this.#edition += 1;
        RED.keyboard.enable();
        this.#window.dialog('destroy');
        body.remove();
        onClose();
        RED.view.focus();
      },
    });
    this.#show(undefined);
    text.focus();
  }

  fill(text: string, fileName?: string): void {
    this.#form.text.value = text;
    this.#form.text.setSelectionRange(0, 0);
    this.#fileName = fileName;
    this.#changed(0);
  }

  async read(files: readonly File[]): Promise<void> {
    const texts = await Promise.all(files.map(textOfFile));
    const [only] = texts;
    if (only === undefined || texts.includes(undefined)) {
      RED.notify($('<span>').text(word('file.unreadable')), 'error');
    } else if (texts.length === 1) {
      this.fill(only, files[0] && nameOfFile(files[0]));
    } else {
      this.fill(files.map((file, index) => asMarkdown(nameOfFile(file), texts[index] ?? '')).join('\n'));
    }
  }

  /** The flows to import, when every chart is right. */
  get #ready(): readonly CheckedChart[] | undefined {
    const charts = this.#checked?.charts ?? [];
    return charts.length > 0 && charts.every(({ answer }) => answer.kind === 'flow') ? charts : undefined;
  }

  #changed(afterMs = CHECK_AFTER_MS): void {
    clearTimeout(this.#timer);
    this.#edition += 1;
    this.#checked = undefined;
    this.#enable();
    this.#timer = window.setTimeout(() => void this.#check(), afterMs);
  }

  async #check(): Promise<void> {
    const edition = this.#edition;
    const { text, name, report: place } = this.#form;
    if (text.value.trim() === '') return this.#show(undefined);
    if (!this.#nameIsOwn) name.value = suggestName(text.value, this.#fileName);
    if (place.childElementCount === 0) place.textContent = word('check.working');
    const checked = await check(text.value, name.value.trim());
    if (edition === this.#edition) this.#show(checked);
    return undefined;
  }

  #show(checked: Checked | undefined): void {
    const { text, name, report: place, existing } = this.#form;
    this.#checked = checked;
    name.disabled = (checked?.charts.length ?? 0) > 1;
    text.setAttribute('aria-invalid', String(checked !== undefined && this.#ready === undefined));
    place.replaceChildren(
      checked === undefined
        ? element('p', { class: 'chartwire-chart-note' }, word('check.empty'))
        : report(text.value, checked, (to) => this.#goTo(to)),
    );
    existing.show((this.#ready ?? []).map(({ answer }) => findExisting(answer.kind === 'flow' ? answer.flow : [])));
    this.#enable();
  }

  #enable(): void {
    $('#chartwire-chart-import').button(this.#ready === undefined ? 'disable' : 'enable');
  }

  #goTo({ line, column }: Place): void {
    const { text } = this.#form;
    const before = text.value.split('\n').slice(0, line - 1);
    const at = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    text.focus();
    text.setSelectionRange(at, at + 1);
    text.scrollTop = (line - 4) * Number.parseFloat(getComputedStyle(text).lineHeight);
  }

  async #import(): Promise<void> {
    const charts = this.#ready;
    if (charts === undefined) return;
    const { choice } = this.#form.existing;
    this.#checked = undefined;
    this.#enable();
    const flows: FlowNode[][] = [];
    for (const chart of charts) flows.push(choice === 'copy' ? await asNew(chart) : flowOf(chart));
    this.#close();
    importFlow(flows.flat());
    RED.notify(
      $('<span>').text(
        `${word('done.imported')} “${charts.map(({ name }) => name).join('”, “')}”. ${word('done.deploy')}`,
      ),
      'success',
    );
  }

  #close(): void {
    this.#window.dialog('close');
  }
}

const flowOf = ({ answer }: CheckedChart): FlowNode[] => (answer.kind === 'flow' ? [...answer.flow] : []);

/** The chart's flow with ids no node of the editor has. */
async function asNew(checked: CheckedChart): Promise<FlowNode[]> {
  let flow = flowOf(checked);
  for (let copy = 2; findExisting(flow).kind !== 'none'; copy += 1) {
    const name = `${checked.name} (${copy})`;
    const answer = await ask({ text: checked.chart.text, name, id: name });
    if (answer.kind !== 'flow') throw new Error('a chart that was right is wrong under another id');
    flow = [...answer.flow];
  }
  return flow;
}

const asMarkdown = (name: string, text: string): string => {
  return /^\s*(`{3,}|~{3,})/m.test(text)
    ? `# ${name}\n\n${text}\n`
    : `# ${name}\n\n\`\`\`mermaid\n${text.trimEnd()}\n\`\`\`\n`;
};
