/**
 * What Node-RED is told. Chartwire's own start uses it, and so does Node-RED itself:
 * `node-red --settings settings.ts`. Change a value here; ports and folders are options of `chartwire start`.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';

/** The package's folder, whether this runs as settings.ts or built as dist/settings.js. */
const here = dirname(fileURLToPath(import.meta.url));
const packageFolder = existsSync(join(here, 'package.json')) ? here : dirname(here);

export const settings = {
  /** Our nodes, loaded in place. */
  nodesDir: [packageFolder],
  flowFile: 'flows.json',
  /** Plain text, so that a flow file can be read and compared. */
  flowFilePretty: true,
  /** Where the paths of `http in` nodes begin. */
  httpNodeRoot: '/http',
  /** Largest flow the editor may deploy. */
  apiMaxLength: '5mb',
  /** A node that does not close in time does not hold up a deploy. */
  nodeCloseTimeout: 5000,
  mqttReconnectTime: 5000,
  /** `function` nodes may not load packages, and stop after this many seconds. */
  functionExternalModules: false,
  functionTimeout: 5,
  /** No node starts programs of the operating system. */
  nodesExcludes: ['90-exec.js'],
  externalModules: { autoInstall: false, palette: { allowInstall: true, allowUpload: false } },
  diagnostics: { enabled: true, ui: true },
  runtimeState: { enabled: false, ui: false },
  telemetry: { enabled: false, updateNotification: false },
  logging: { console: { level: 'warn', metrics: false, audit: false } },
  exportGlobalContextKeys: false,
  editorTheme: {
    page: { title: 'Chartwire', favicon: join(packageFolder, 'resources/mark.svg') },
    header: { title: 'Chartwire', image: join(packageFolder, 'resources/mark.svg') },
    login: { image: join(packageFolder, 'resources/login.svg') },
    tours: false,
    projects: { enabled: false },
    palette: {
      categories: ['chartwire', 'subflows', 'common', 'function', 'network', 'sequence', 'parser', 'storage'],
    },
    codeEditor: { lib: 'monaco' },
  },
};

// Node-RED loads a settings file with `require`, which takes this name for what it exports.
export { settings as 'module.exports' };
