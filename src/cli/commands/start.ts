import { homeOption } from '../home.ts';
import { limitsOption } from '../limits-option.ts';
import { portOption, readOptions, type Command } from '../command.ts';
import { openBrowser } from '../open-browser.ts';
import { untilStopped } from '../until-stopped.ts';

const DEFAULT_PORT = 1880;
const DEFAULT_TLS_PORT = 8443;
const usage =
  'chartwire start [--home DIR] [--port N] [--tls-port N] [--host ADDRESS] [--headless] [--editor-tls] [--insecure] [--no-open] [--no-fuse] [--limit NAME=NUMBER]…';

export const start: Command = {
  name: 'start',
  usage,
  summary: 'run the editor, the broker, the front door and the flow',
  async run(words, program) {
    const { values } = readOptions(words, usage, {
      home: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string' },
      'tls-port': { type: 'string' },
      headless: { type: 'boolean', default: false },
      'editor-tls': { type: 'boolean', default: false },
      insecure: { type: 'boolean', default: false },
      'no-open': { type: 'boolean', default: false },
      'no-fuse': { type: 'boolean', default: false },
      limit: { type: 'string', multiple: true, default: [] },
    });
    const startedAt = Number(process.env['CHARTWIRE_STARTED_AT'] ?? performance.timeOrigin);
    const running = await program.start({
      home: homeOption(values.home),
      host: values.host,
      port: portOption(values.port, DEFAULT_PORT, usage),
      tlsPort: portOption(values['tls-port'], DEFAULT_TLS_PORT, usage),
      portsGiven: { port: values.port !== undefined, tlsPort: values['tls-port'] !== undefined },
      headless: values.headless,
      editorTls: values['editor-tls'],
      insecure: values.insecure,
      fuse: !values['no-fuse'],
      limits: limitsOption(values.limit, usage),
      // An empty variable is how some service managers say "none".
      password: process.env['CHARTWIRE_PASSWORD'] || undefined,
      say: (line) => console.log(line),
    });
    // Before it says that it is ready: whoever waits for that may stop it at once.
    const stopped = untilStopped(running);
    console.log(`Chartwire ready ${running.url} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    if (!values.headless && !values['no-open']) openBrowser(running.setupUrl ?? running.url);
    await stopped;
  },
};
