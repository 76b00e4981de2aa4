import { fetchText, nameIn } from './fetch-text.ts';
import { check, suggestName, type Checked, type CheckedChart } from './check.ts';
import { dialogForm, type DialogForm } from './dialog-form.ts';
import { element } from './element.ts';
import { asCopies, existingOf, flowOf } from './copies.ts';
import { readFiles } from './read-files.ts';
import { importFlow } from './import-flow.ts';
import { isWhole } from './is-whole.ts';
import { report, type Place } from './report.ts';
import { word } from './words.ts';

/** Pause after the last key before the chart is read, in ms; what comes whole is read at once. */
const CHECK_AFTER_MS = 250;
/** A check that takes longer says so, in ms. */
const LONG_AFTER_MS = 1_000;
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
  /** Another after every change: what was asked for an older text is called off. */
  #edition = new AbortController();
  #checked: Checked | undefined;
  #nameIsOwn = false;
  #fileName: string | undefined;

  constructor(onClose: () => void) {
    this.#form = dialogForm(
      (files) => void this.read([...files]),
      (url) => void this.#fetch(url),
    );
    const { body, text, name } = this.#form;
    text.addEventListener('input', (event) => this.#changed(isWhole(event) ? 0 : CHECK_AFTER_MS));
    text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && this.#ready !== undefined) void this.#import();
    });
    name.addEventListener('input', () => {
      this.#nameIsOwn = name.value.trim() !== '';
      this.#changed();
    });
    // The dialog sets limits of its own on what it is given.
    const content = element('div', {}, body);
    this.#window = $(content).dialog({
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
        this.#edition.abort();
        onClose();
        // The key that closed the dialog is still on its way up: Node-RED's shortcuts look for its target in the page.
        setTimeout(() => {
          this.#window.dialog('destroy');
          content.remove();
          RED.keyboard.enable();
          RED.view.focus();
        });
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
    const read = await readFiles(files);
    if (read === undefined) RED.notify($('<span>').text(word('file.unreadable')), 'error');
    else this.fill(read.text, read.name);
  }

  async #fetch(url: string): Promise<void> {
    const before = this.#checked;
    this.#changed();
    clearTimeout(this.#timer);
    const { signal } = this.#edition;
    this.#form.report.textContent = word('check.fetching');
    const fetched = await fetchText(url, signal);
    if (signal.aborted) return;
    if ('text' in fetched) this.fill(fetched.text, nameIn(url));
    else {
      this.#form.report.replaceChildren(element('div', { class: 'chartwire-chart-problem' }, fetched.reason));
      // What is written there is as right as it was.
      this.#checked = before;
      this.#enable();
    }
  }

  /** The flows to import, when every chart is right. */
  get #ready(): readonly CheckedChart[] | undefined {
    const charts = this.#checked?.charts ?? [];
    return charts.length > 0 && charts.every(({ answer }) => answer.kind === 'flow') ? charts : undefined;
  }

  #changed(afterMs = CHECK_AFTER_MS): void {
    clearTimeout(this.#timer);
    this.#edition.abort();
    this.#edition = new AbortController();
    this.#checked = undefined;
    this.#enable();
    this.#timer = window.setTimeout(() => void this.#check(), afterMs);
  }

  async #check(): Promise<void> {
    const { signal } = this.#edition;
    const { text, name, report: place } = this.#form;
    if (text.value.trim() === '') return this.#show(undefined);
    if (!this.#nameIsOwn) name.value = suggestName(text.value, this.#fileName);
    if (place.childElementCount === 0) place.textContent = word('check.working');
    const long = setTimeout(() => {
      if (!signal.aborted) place.textContent = word('check.long');
    }, LONG_AFTER_MS);
    const checked = await check(text.value, name.value.trim(), signal);
    clearTimeout(long);
    if (!signal.aborted) this.#show(checked);
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
    existing.show((this.#ready ?? []).map(existingOf).filter((one) => one !== undefined));
    this.#enable();
    this.#window.dialog('option', 'position', { my: 'center', at: 'center', of: window });
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
    const replace = this.#form.existing.choice === 'replace';
    const { signal } = this.#edition;
    this.#checked = undefined;
    this.#enable();
    const settled = replace ? charts : await asCopies(charts, signal);
    // Closed, or written on, while the runtime was asked.
    if (signal.aborted) return;
    if (!settled.every(({ answer }) => answer.kind === 'flow')) {
      this.#show({ charts: settled, others: 0 });
      return;
    }
    const replaced = replace ? charts.flatMap((chart) => existingOf(chart)?.tabs ?? []) : [];
    this.#close();
    importFlow(settled.flatMap(flowOf), replaced);
    const names = settled.map(({ name }) => `“${name}”`).join(', ');
    RED.notify($('<span>').text(`${word('done.imported')} ${names}. ${word('done.deploy')}`), 'success');
  }

  #close(): void {
    this.#window.dialog('close');
  }
}
