import { LiveView } from './live-view.ts';
import { registerBadge } from './badge.ts';
import { useWords, word } from './words.ts';
import './style.ts';

const ACTION = 'chartwire:show-live-figures';
/** L as in live; neither Node-RED nor a browser uses it. */
const SHORTCUT = 'alt-shift-l';

interface Plugin {
  readonly type: string;
  /** Texts of the plugin's own catalogue; Node-RED puts it here when it registers the plugin. */
  _: (key: string, values?: object) => string;
  onadd(): void;
}

const plugin: Plugin = {
  type: 'chartwire-live',
  _: (key) => key,
  onadd() {
    useWords((key, values) => plugin._(key, values));
    registerBadge();
    const view = new LiveView();
    RED.actions.add(ACTION, () => view.toggle(), { label: word('live.show') });
    RED.keyboard.add('*', SHORTCUT, ACTION, false);
    RED.menu.addItem('red-ui-header-button-sidemenu', {
      id: 'menu-item-chartwire-live',
      label: word('live.show'),
      onselect: ACTION,
    });
  },
};

RED.plugins.registerPlugin('chartwire-live', plugin);
