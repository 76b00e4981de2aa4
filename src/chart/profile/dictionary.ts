import type { ProtocolName } from '../../endpoint/traits.ts';
import type { Vertex } from '../parse/model.ts';
import type { Carrier } from './carriers.ts';
import { waysOut } from './decisions.ts';
import type { Entry } from './entry.ts';
import type { ChartGraph } from './graph.ts';
import { plainText } from './plain-text.ts';
import { protocolOf } from './protocol-words.ts';

/** One output of a *choose*: the arrow's label and the protocol it names. */
export interface Branch {
  readonly label: string;
  readonly protocol: ProtocolName;
}

/** What the dictionary takes a box for, and why. */
export interface Guess {
  readonly type: string;
  /** Absent for what words say. */
  readonly carrier?: Carrier;
  readonly why: string;
  readonly branches?: readonly Branch[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** What a box is called that carries messages over a protocol. */
const CARRIERS: readonly (readonly [ProtocolName, RegExp, string])[] = [
  [
    'mqtt',
    /publish|subscri|\bpub\W?sub\b|\bmqtt\b|\bbroker\b|veröffentlich|abonn|publi[ck]|suscri|assin|pubblic|публик|подпис|брокер|xuất bản|đăng ký|发布|订阅|購読|구독/i,
    'chartwire-mqtt-carry',
  ],
  [
    'http2',
    /\brest\b|\bapi\b|\bhttps?\b|\brequest|anfrage|solicitud|requête|requisição|richiesta|запрос|yêu cầu|请求|要求|요청/i,
    'chartwire-http2-carry',
  ],
  [
    'websocket',
    /\bweb ?socket|\bpersist|\bwss?\b|\bduplex\b|dauerhaft|постоянн|liên tục|持久|常時|지속/i,
    'chartwire-websocket-carry',
  ],
  ['peer', /\bpeer|\bp2p\b|\bdirect|\bdirekt|diretto|прям|trực tiếp|点对点|直接|직접/i, 'chartwire-peer-carry'],
];

const BEGINNING =
  /^(?:start|begin|beginn|inicio|início|début|inizio|старт|начало|bắt đầu|开始|開始|시작)(?!\p{L})|\b(?:devices?|sensors?|geräte?|sensor(?:en|es)?|dispositiv\w*|appareils?|capteurs?|sensori)\b|устройств|датчик|thiết bị|cảm biến|设备|传感器|デバイス|センサー|장치|센서/iu;

const DOWNSTREAM: readonly (readonly [RegExp, string])[] = [
  [
    /\bdeploy|\broll\W?out\b|verteil|ausroll|despleg|desplieg|déploy|implant|distribui|разверт|развёрт|triển khai|部署|デプロイ|배포/i,
    'chartwire-deploy',
  ],
  [/\bmonitor|überwach|surveill|supervis|мониторинг|наблюд|giám sát|监控|監視|모니터링/i, 'chartwire-monitor'],
  [
    /\boptimi|\biterate\b|verbesser|mejora|amélior|melhor|miglior|оптимиз|улучш|tối ưu|优化|最適化|최적화/i,
    'chartwire-optimize',
  ],
  [/\bclients?\b|\bklient|\bcliente|клиент|khách|客户端|クライアント|클라이언트/i, 'chartwire-client'],
];

const DECISIONS = new Set(['diamond', 'diam', 'decision', 'question']);

export const isDecision = (vertex: Vertex): boolean => DECISIONS.has(vertex.type ?? '');

/**
 * Guesses from the words of a chart, but only around a decision whose every branch names a protocol: elsewhere
 * "Publish telemetry" or "Monitor" is a box of somebody else's system, and stays a step.
 */
export function dictionaryOf(graph: ChartGraph, block: ReadonlyMap<string, Entry>): ReadonlyMap<string, Guess> {
  const guesses = new Map<string, Guess>();
  const carrying: string[] = [];
  for (const [id, vertex] of graph.boxes) {
    const branches = isDecision(vertex) ? branchesOf(waysOut(graph, id, block.get(id))) : undefined;
    if (!branches) continue;
    const names = branches.map(({ label }) => `"${label}"`).join(', ');
    guesses.set(id, { type: 'chartwire-choose', why: `it decides between protocols: ${names}`, branches });
    for (const { to, label } of graph.from.get(id) ?? []) carrying.push(...carrierGuess(graph, to, label, guesses));
    for (const { from } of graph.to.get(id) ?? []) beginningGuess(graph, from, guesses);
  }
  for (const id of reachable(graph, carrying)) downstreamGuess(graph, id, guesses);
  return guesses;
}

/** The branches of a decision when each of its labels names a protocol, and they name two at least. */
function branchesOf(labels: readonly string[]): Branch[] | undefined {
  const branches: Branch[] = [];
  for (const label of labels) {
    const protocol = protocolOf(label);
    if (!protocol) return undefined;
    branches.push({ label, protocol });
  }
  return new Set(branches.map(({ protocol }) => protocol)).size > 1 ? branches : undefined;
}

function carrierGuess(graph: ChartGraph, id: string, label: string, guesses: Map<string, Guess>): string[] {
  const protocol = protocolOf(label);
  const [, , type] = CARRIERS.find(([name, words]) => name === protocol && words.test(textOf(graph, id))) ?? [];
  if (type === undefined || guesses.has(id)) return [];
  guesses.set(id, { type, why: `it hangs on the branch "${label}" and is called "${textOf(graph, id)}"` });
  return [id];
}

function beginningGuess(graph: ChartGraph, id: string, guesses: Map<string, Guess>): void {
  if (guesses.has(id) || graph.to.has(id) || !BEGINNING.test(textOf(graph, id))) return;
  guesses.set(id, { type: 'chartwire-devices', why: 'the chart begins here, and a choice of protocol follows' });
}

function downstreamGuess(graph: ChartGraph, id: string, guesses: Map<string, Guess>): void {
  const text = textOf(graph, id);
  const type = DOWNSTREAM.find(([words]) => words.test(text))?.[1];
  if (type !== undefined && !guesses.has(id)) {
    guesses.set(id, { type, why: `it comes after a protocol and is called "${text}"` });
  }
}

function reachable(graph: ChartGraph, from: readonly string[]): Set<string> {
  const found = new Set(from);
  for (const id of found) for (const { to } of graph.from.get(id) ?? []) found.add(to);
  for (const id of from) found.delete(id);
  return found;
}

function textOf(graph: ChartGraph, id: string): string {
  const vertex = graph.boxes.get(id);
  return vertex ? plainText(vertex.text, vertex.labelType) : '';
}
