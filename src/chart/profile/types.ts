/** Node-RED's own node types a chart may name, with the property that a label's main argument sets. */
const CORE: ReadonlyMap<string, string | undefined> = new Map([
  ['batch', undefined],
  ['catch', undefined],
  ['change', undefined],
  ['comment', undefined],
  ['complete', undefined],
  ['csv', undefined],
  ['debug', 'complete'],
  ['delay', undefined],
  ['exec', 'command'],
  ['file', 'filename'],
  ['file in', 'filename'],
  ['function', 'func'],
  ['html', 'tag'],
  ['http in', 'url'],
  ['http request', 'url'],
  ['http response', 'statusCode'],
  ['inject', undefined],
  ['join', undefined],
  ['json', undefined],
  ['link call', undefined],
  ['link in', undefined],
  ['link out', undefined],
  ['mqtt in', 'topic'],
  ['mqtt out', 'topic'],
  ['range', undefined],
  ['rbe', undefined],
  ['sort', undefined],
  ['split', undefined],
  ['status', undefined],
  ['switch', 'property'],
  ['tcp in', 'port'],
  ['tcp out', 'port'],
  ['tcp request', 'server'],
  ['template', 'template'],
  ['trigger', undefined],
  ['udp in', 'port'],
  ['udp out', 'port'],
  ['watch', 'files'],
  ['websocket in', undefined],
  ['websocket out', undefined],
  ['xml', undefined],
  ['yaml', undefined],
]);

/** Our own types that stand on the canvas, without the `chartwire-` before each. A test compares them with the definitions. */
const OURS = new Set(
  `broker choose client deploy devices http2-carry http2-events http2-in http2-out http2-request http2-response monitor
  mqtt-carry mqtt-in mqtt-out mqtt-request optimize peer-carry peer-in peer-out peer-rendezvous peer-signal route script set
  step websocket-carry websocket-in websocket-out websocket-rooms`.split(/\s+/),
);

/** Types that send nothing on, and types that take nothing in. */
const SINKS = new Set(['comment', 'debug', 'http response', 'link out', 'mqtt out', 'udp out', 'websocket out']);
const SOURCES = new Set(['catch', 'complete', 'http in', 'inject', 'link in', 'status', 'tcp in', 'udp in', 'watch']);

export const STEP = 'chartwire-step';
export const ROUTE = 'chartwire-route';

export const isSink = (type: string): boolean =>
  SINKS.has(type) || /^chartwire-.+-(out|response|rendezvous)$/.test(type);
/** An mqtt in may be told by messages what to subscribe to. */
export const isSource = (type: string): boolean =>
  SOURCES.has(type) || /^chartwire-(devices|http2-events|peer-rendezvous|(?!mqtt-).+-in)$/.test(type);

/** The full name of a type that can be had: `mqtt-carry` is `chartwire-mqtt-carry`; undefined when there is none. */
export function installedType(name: string): string | undefined {
  if (CORE.has(name)) return name;
  if (OURS.has(name)) return `chartwire-${name}`;
  return name.startsWith('chartwire-') && OURS.has(name.slice('chartwire-'.length)) ? name : undefined;
}

/** Which property `type: argument` in a label sets. */
export const mainProperty = (type: string): string | undefined => CORE.get(type);

/** The setting of our own types that has a row for each output. */
export const outputRows = (type: string): string | undefined =>
  type === 'chartwire-choose' ? 'branches' : type === ROUTE ? 'rules' : undefined;

/** Names that no picture would use by chance, so a label or class of a drawing may be trusted to mean the type. */
export const isUnmistakable = (type: string): boolean => type.includes(' ') || type.startsWith('chartwire-');
