import type { ProtocolName } from '../../endpoint/traits.ts';
import { protocolOf } from './protocol-words.ts';

export type Operator = '<' | '<=' | '>' | '>=' | '=' | '!=';

/** What the label of a way out asks of a message. Figures are text with their unit, as the label has them. */
export type Question =
  | {
      readonly kind: 'answer';
      readonly wanted: boolean;
      readonly yes: readonly string[];
      readonly no: readonly string[];
    }
  | { readonly kind: 'compare'; readonly name: string | undefined; readonly operator: Operator; readonly limit: string }
  | { readonly kind: 'range'; readonly name: string | undefined; readonly low: string; readonly high: string }
  | { readonly kind: 'topic'; readonly filter: string }
  | { readonly kind: 'protocol'; readonly protocol: ProtocolName; readonly label: string }
  | { readonly kind: 'word'; readonly label: string }
  | { readonly kind: 'else' };

const YES =
  `yes y true ok okay on success successful valid pass passed found online ja wahr gültig sí si verdadero oui vrai sim
  verdadeiro da да истина есть успех tak có đúng 是 有 成功 はい 예 네`.split(/\s+/);
const NO =
  `no n false nok off fail failed failure error invalid missing offline nein falsch ungültig falso non faux não nao нет ложь
  ошибка nie không sai 否 无 失败 いいえ 아니오`.split(/\s+/);
const ELSE =
  /^(?:|else|otherwise|default|other|others|sonst|andernfalls|sinon|autrement|de lo contrario|otro|senão|altrimenti|иначе|khác|否则|其他|その他|그외)$/i;
const NAME = String.raw`(?:([\p{L}_][\p{L}\p{N}_.]*(?: [\p{L}\p{N}_.]+){0,3})\s*)?`;
const FIGURE = String.raw`[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)`;
const UNIT = String.raw`(?:[\p{L}°℃℉%‰][\p{L}/·²³]{0,15})?`;
const SIGNS: Readonly<Record<string, Operator>> = {
  '<': '<',
  '<=': '<=',
  '≤': '<=',
  '>': '>',
  '>=': '>=',
  '≥': '>=',
  '=': '=',
  '==': '=',
  '!=': '!=',
  '≠': '!=',
};
/** Words for signs, each longer one before those it begins with. */
const SPOKEN: readonly (readonly [RegExp, Operator])[] = [
  [/\b(?:at least|mindestens|al menos|au moins|не менее|ít nhất)\b/iu, '>='],
  [/\b(?:at most|up to|höchstens|como máximo|au plus|не более|nhiều nhất)\b/iu, '<='],
  [
    /(?:\b(?:more|greater|higher) than\b|\b(?:above|over)\b|\b(?:mehr|größer|höher) als\b|\büber\b|\bmás de\b|\bplus de\b)/iu,
    '>',
  ],
  [
    /(?:\b(?:less|lower|smaller|fewer) than\b|\b(?:below|under)\b|\b(?:weniger|kleiner) als\b|\bunter\b|\bmenos de\b|\bmoins de\b)/iu,
    '<',
  ],
];
const COMPARISON = new RegExp(`^${NAME}(<=|>=|<|>|≤|≥|≠|==?|!=)\\s*(${FIGURE}\\s*${UNIT})$`, 'iu');
const RANGE = new RegExp(
  `^${NAME}(${FIGURE})\\s*(${UNIT})\\s*(?:-|–|\\.\\.|to|bis)\\s*(${FIGURE}\\s*(${UNIT}))$`,
  'iu',
);
const TOPIC = /^[\w.$+#-]+(?:\/[\w.$+#-]+)+$/;

/** What each of the labels of a decision asks, read together: a word says yes only where the others say no. */
export function questionsOf(labels: readonly string[]): Question[] {
  const said = labels.filter((label) => !ELSE.test(label));
  const words = answersOf(said);
  const topics = said.length > 0 && said.every((label) => TOPIC.test(label));
  return labels.map((label): Question => {
    if (ELSE.test(label)) return { kind: 'else' };
    return topics ? { kind: 'topic', filter: label } : questionOf(label, words);
  });
}

/** The words that say yes and no to one decision: everybody's, and those of its own labels. */
interface Answers {
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

function answersOf(labels: readonly string[]): Answers {
  const own = labels.map(firstWord);
  return {
    yes: [...new Set(['yes', 'true', 'ok', ...own.filter((word) => YES.includes(word))])],
    no: [...new Set(['no', 'false', ...own.filter((word) => NO.includes(word))])],
  };
}

/** `No` of "No / Timeout" and "no, retry". */
const firstWord = (label: string): string => /^[\p{L}\p{M}]+(?![\p{L}\p{N}_])/u.exec(label.toLowerCase())?.[0] ?? '';

function questionOf(label: string, answers: Answers): Question {
  const comparison = COMPARISON.exec(withSigns(label));
  if (comparison) {
    const [, name, sign = '=', limit = ''] = comparison;
    return { kind: 'compare', name, operator: SIGNS[sign] ?? '=', limit: limit.trim() };
  }
  const range = RANGE.exec(label);
  if (range) {
    const [, name, low = '', lowUnit = '', high = '', unit = ''] = range;
    return { kind: 'range', name, low: `${low} ${lowUnit || unit}`.trim(), high: high.trim() };
  }
  const word = firstWord(label);
  if (answers.yes.includes(word)) return { kind: 'answer', wanted: true, ...answers };
  if (answers.no.includes(word)) return { kind: 'answer', wanted: false, ...answers };
  const protocol = protocolOf(label);
  return protocol === undefined ? { kind: 'word', label } : { kind: 'protocol', protocol, label };
}

function withSigns(label: string): string {
  const spoken = SPOKEN.find(([words]) => words.test(label));
  return spoken ? label.replace(spoken[0], spoken[1]).trim() : label;
}

/** A question in words, for the help of the node. */
export function asWords(question: Question): string {
  switch (question.kind) {
    case 'answer':
      return `${question.wanted ? 'yes' : 'no'} in the payload (${(question.wanted ? question.yes : question.no).join(', ')})`;
    case 'compare':
      return `${question.name ?? 'the figure'} ${question.operator} ${question.limit}`;
    case 'range':
      return `${question.name ?? 'the figure'} from ${question.low} to ${question.high}`;
    case 'topic':
      return `a topic that fits ${question.filter}`;
    case 'protocol':
      return `msg.protocol is ${question.protocol}`;
    case 'word':
      return `msg.route or the payload is "${question.label}"`;
    case 'else':
      return 'what none of the others takes';
  }
}
