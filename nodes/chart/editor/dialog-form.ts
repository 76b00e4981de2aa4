import { element, icon } from './element.ts';
import { ExistingChoice } from './existing-choice.ts';
import { FILE_TYPES } from './chart-file.ts';
import { word } from './words.ts';

/** The parts of the dialog that something is read from or written to. */
export interface DialogForm {
  readonly body: HTMLElement;
  readonly text: HTMLTextAreaElement;
  readonly name: HTMLInputElement;
  readonly report: HTMLElement;
  readonly existing: ExistingChoice;
}

/** Makes the form. `onFiles` is called with what was chosen, `onAddress` with what was typed. */
export function dialogForm(onFiles: (files: FileList) => void, onAddress: (url: string) => void): DialogForm {
  const text = element('textarea', {
    id: 'chartwire-chart-text',
    'aria-label': word('dialog.text'),
    'aria-describedby': 'chartwire-chart-report',
    placeholder: 'flowchart LR\n  A[Sensor] -->|MQTT| B[Client]',
    spellcheck: 'false',
    autocomplete: 'off',
    wrap: 'off',
    autofocus: true,
  });
  const name = element('input', { type: 'text', id: 'chartwire-chart-name', autocomplete: 'off' });
  const report = element('div', {
    id: 'chartwire-chart-report',
    class: 'chartwire-chart-report',
    role: 'status',
    'aria-live': 'polite',
  });
  const existing = new ExistingChoice();
  const body = element(
    'div',
    { class: 'chartwire-chart' },
    element(
      'div',
      { class: 'chartwire-chart-prompt' },
      element('span', {}, word('dialog.prompt')),
      ...fileButton(onFiles),
      ...addressField(onAddress),
    ),
    text,
    element('div', { class: 'chartwire-chart-tab' }, element('label', { for: name.id }, word('dialog.tab')), name),
    report,
    existing.element,
    element('div', { class: 'chartwire-chart-drop', 'aria-hidden': 'true' }, word('dialog.drop')),
  );
  return { body, text, name, report, existing };
}

function fileButton(onFiles: (files: FileList) => void): HTMLElement[] {
  const input = element('input', { type: 'file', accept: FILE_TYPES, multiple: true, hidden: true });
  const button = element(
    'button',
    { type: 'button', class: 'red-ui-button' },
    icon('upload'),
    ` ${word('dialog.select')}`,
  );
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    if (input.files !== null) onFiles(input.files);
  });
  return [button, input];
}

function addressField(onAddress: (url: string) => void): HTMLElement[] {
  const input = element('input', {
    type: 'url',
    class: 'chartwire-chart-address',
    'aria-label': word('dialog.address'),
    placeholder: 'https://',
    autocomplete: 'off',
  });
  const button = element('button', { type: 'button', class: 'red-ui-button' }, word('dialog.fetch'));
  const go = (): void => {
    if (input.value.trim() !== '') onAddress(input.value.trim());
  };
  button.addEventListener('click', go);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') go();
  });
  return [element('span', {}, word('dialog.orAddress')), input, button];
}
