import { ask, type Answer, type Part } from './answer.ts';
import { element } from './element.ts';
import { rowOf } from './row.ts';
import { word } from './words.ts';

const PARTS: readonly Part[] = ['clients', 'sessions', 'retained'];
const EVERY_MS = 1_000;

/** The sidebar tab: what is at the broker, brought up to date once a second while somebody sees it. */
export function brokerPanel(): HTMLElement {
  const figures = element('div', { class: 'chartwire-broker-figures' });
  const list = element('ul', { class: 'chartwire-broker-list' });
  const note = element('p', { class: 'chartwire-broker-note', 'aria-live': 'polite' });
  const buttons = new Map(
    PARTS.map((part) => {
      const look = { type: 'button', class: 'red-ui-button red-ui-button-small toggle', 'aria-pressed': 'false' };
      return [part, element('button', look, word(`part.${part}`))];
    }),
  );
  const panel = element(
    'div',
    { class: 'chartwire-broker' },
    element('span', { class: 'button-group', role: 'group' }, ...buttons.values()),
    figures,
    list,
    note,
  );
  let shown: Part = 'clients';
  let asking = false;
  let last = '';

  const show = (part: Part, answer: Answer | undefined): void => {
    if (part !== shown) return;
    // A list that did not change stays as it is: focus and selection are not lost each second.
    const text = JSON.stringify(answer);
    if (text === last) return;
    last = text;
    if (answer === undefined) {
      note.textContent = word('failed');
      return;
    }
    const { counts, rows, more } = answer;
    const { published, delivered, refused, dropped } = counts;
    figures.textContent = word('figures', { published, delivered, refused, dropped });
    list.replaceChildren(...rows.map(rowOf));
    note.textContent = rows.length === 0 ? word(`empty.${part}`) : more ? word('more') : '';
  };
  const refresh = async (): Promise<void> => {
    if (asking || document.hidden || !panel.checkVisibility()) return;
    asking = true;
    const part = shown;
    show(part, await ask(part));
    asking = false;
    // Somebody chose another list meanwhile.
    if (part !== shown) await refresh();
  };
  const choose = (part: Part): void => {
    shown = part;
    last = '';
    for (const [name, button] of buttons) {
      button.classList.toggle('selected', name === part);
      button.setAttribute('aria-pressed', String(name === part));
    }
    list.replaceChildren();
    void refresh();
  };
  for (const [part, button] of buttons) button.addEventListener('click', () => choose(part));
  choose('clients');
  setInterval(() => void refresh(), EVERY_MS);
  return panel;
}
