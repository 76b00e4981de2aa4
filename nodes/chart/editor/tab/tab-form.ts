import { element, icon } from '../element.ts';
import { word } from '../words.ts';
import { addDivider } from './divider.ts';

/** The parts of the tab that something is read from or written to. */
export interface TabForm {
  readonly body: HTMLElement;
  readonly bar: HTMLElement;
  readonly text: HTMLElement;
  readonly split: HTMLElement;
  readonly problems: HTMLElement;
  readonly status: HTMLElement;
  readonly conflicts: HTMLElement;
}

/** Makes the tab: a bar of buttons, the text and the picture beside each other, and what is to be said below. */
export function tabForm(picture: HTMLElement): TabForm {
  const bar = element('div', { class: 'chartwire-tab-bar', role: 'toolbar', 'aria-label': word('tab.bar') });
  const text = element('div', { class: 'chartwire-tab-text' });
  const split = element('div', { class: 'chartwire-tab-split' }, text, picture);
  addDivider(split, picture);
  const status = element('div', { class: 'chartwire-tab-status', role: 'status', 'aria-live': 'polite' });
  const problems = element('ul', { class: 'chartwire-tab-problems', 'aria-label': word('tab.problems') });
  const conflicts = element('div', { class: 'chartwire-tab-conflicts' });
  const body = element('div', { class: 'chartwire-tab' }, bar, split, status, conflicts, problems);
  return { body, bar, text, split, problems, status, conflicts };
}

/** A button of the bar. Its name is what the action is called, also for screen readers. */
export function barButton(name: string, iconName: string, act: () => void): HTMLButtonElement {
  const button = element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small', title: name, 'aria-label': name },
    icon(iconName),
  );
  button.addEventListener('click', act);
  return button;
}
