import { openDialog } from './dialog.ts';
import { catchDrops } from './drop.ts';
import { showWholeChartOnce } from './first-view.ts';
import { addChartTab } from './tab/open-tab.ts';
import { catchPaste } from './paste.ts';
import { useWords, word } from './words.ts';
import './guard-prototype.ts';
import './style.ts';
import './tab/tab-style.ts';

const ACTION = 'chartwire:import-chart';
/** M as in Mermaid; neither Node-RED nor a browser uses it. */
const SHORTCUT = 'alt-shift-m';

interface Plugin {
  readonly type: string;
  /** Texts of the plugin's own catalogue; Node-RED puts it here when it registers the plugin. */
  _: (key: string, values?: object) => string;
  onadd(): void;
}

const plugin: Plugin = {
  type: 'chartwire-chart',
  _: (key) => key,
  onadd() {
    useWords((key, values) => plugin._(key, values));
    RED.actions.add(ACTION, () => openDialog(), { label: word('menu') });
    RED.keyboard.add('*', SHORTCUT, ACTION, false);
    RED.menu.addItem('red-ui-header-button-sidemenu', {
      id: 'menu-item-chartwire-import-chart',
      label: word('menu'),
      onselect: ACTION,
    });
    placeBesideImport();
    catchDrops();
    catchPaste();
    showWholeChartOnce();
    addChartTab();
  },
};

RED.plugins.registerPlugin('chartwire-chart', plugin);

/** The menu's items are added at its end; this one belongs to Import and Export. */
function placeBesideImport(): void {
  const item = document.getElementById('menu-item-chartwire-import-chart')?.parentElement;
  const beside = document.getElementById('menu-item-import')?.parentElement;
  if (item && beside) beside.after(item);
}
