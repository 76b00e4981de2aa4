import { brokerPanel } from './panel.ts';
import { useWords, word } from './words.ts';
import './style.ts';

const TAB = 'chartwire-broker';

interface Plugin {
  readonly type: string;
  /** Texts of the plugin's own catalogue; Node-RED puts it here when it registers the plugin. */
  _: (key: string, values?: object) => string;
  onadd(): void;
}

const plugin: Plugin = {
  type: 'chartwire-broker',
  _: (key) => key,
  onadd() {
    useWords((key, values) => plugin._(key, values));
    RED.sidebar.addTab({
      id: TAB,
      name: word('tab'),
      label: word('label'),
      iconClass: 'fa fa-exchange',
      content: brokerPanel(),
      enableOnEdit: true,
    });
  },
};

RED.plugins.registerPlugin('chartwire-broker', plugin);
