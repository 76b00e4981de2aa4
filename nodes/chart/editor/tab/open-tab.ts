import { EXPORTS, exportChart, type ExportKind } from '../export/export-chart.ts';
import { openDialog } from '../dialog.ts';
import { element } from '../element.ts';
import { word } from '../words.ts';
import { ChartTab } from './chart-tab.ts';
import { barButton } from './tab-form.ts';

const TAB = 'chartwire-chart';
/** K as in chart; neither Node-RED nor a browser uses it. */
const SHOW_SHORTCUT = 'alt-shift-k';
const LIVE_ACTION = 'chartwire:show-live-figures';

/** Adds the sidebar tab, its buttons, and an action for each of them. */
export function addChartTab(): void {
  const tab = new ChartTab();
  const larger = largerButton(tab);
  fillBar(tab, larger);
  RED.sidebar.addTab({
    id: TAB,
    name: word('tab.name'),
    label: word('tab.label'),
    iconClass: 'fa fa-sitemap',
    content: tab.element,
    enableOnEdit: true,
    onchange: () => requestAnimationFrame(() => tab.shown()),
  });
  const act = (name: string, label: string, run: () => void): void =>
    RED.actions.add(`chartwire:${name}`, run, { label });
  act('show-chart', word('tab.show'), () => {
    RED.sidebar.show(TAB);
    requestAnimationFrame(() => tab.focusText());
  });
  act('enlarge-chart', word('tab.larger'), () => larger.click());
  act('apply-chart', word('tab.apply'), () => tab.sync.apply());
  act('discard-chart-edits', word('tab.discard'), () => tab.sync.discard());
  for (const kind of EXPORTS) act(`export-chart-${kind}`, word(`export.${kind}`), () => void exportChart(tab, kind));
  RED.keyboard.add('*', SHOW_SHORTCUT, 'chartwire:show-chart', false);
}

function fillBar(tab: ChartTab, larger: HTMLElement): void {
  const applies = element('input', { type: 'checkbox', checked: tab.sync.appliesItself });
  applies.addEventListener('change', () => {
    tab.sync.appliesItself = applies.checked;
  });
  tab.bar.append(
    barButton(word('tab.apply'), 'check', () => tab.sync.apply()),
    barButton(word('tab.discard'), 'undo', () => tab.sync.discard()),
    barButton(word('menu'), 'upload', () => openDialog()),
    exportMenu((kind) => void exportChart(tab, kind)),
    barButton(word('tab.live'), 'tachometer', () => RED.actions.invoke(LIVE_ACTION)),
    larger,
    element('label', {}, applies, word('tab.itself')),
  );
}

function largerButton(tab: ChartTab): HTMLElement {
  const button = barButton(word('tab.larger'), 'expand', () => {
    tab.room.large = !tab.room.large;
    tell();
  });
  const tell = (): void => {
    button.setAttribute('aria-pressed', String(tab.room.large));
    button.classList.toggle('selected', tab.room.large);
  };
  tell();
  return button;
}

function exportMenu(choose: (kind: ExportKind) => void): HTMLElement {
  const options = EXPORTS.map((kind) => element('option', { value: kind }, word(`export.${kind}`)));
  const title = element('option', { value: '' }, word('export.title'));
  const select = element(
    'select',
    { 'aria-label': word('export.title'), class: 'chartwire-tab-export' },
    title,
    ...options,
  );
  select.addEventListener('change', () => {
    const kind = EXPORTS.find((one) => one === select.value);
    select.value = '';
    if (kind !== undefined) choose(kind);
  });
  return select;
}
