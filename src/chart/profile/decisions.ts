import { type ChartGraph, leaving } from './graph.ts';

/** One output of a decision, as a *route* node keeps it. */
export interface DecisionRule {
  readonly label: string;
  readonly t: 'jsonata_exp';
  readonly vt: 'jsonata';
  readonly v: string;
}

export interface Decision {
  readonly rules: readonly DecisionRule[];
  readonly why: string;
}

const YES =
  `yes y true ok okay on success successful valid pass passed found online ja wahr gültig sí si verdadero oui vrai sim
  verdadeiro да истина есть успех tak có đúng 是 有 成功 はい 예 네`.split(/\s+/);
const NO =
  `no n false nok off fail failed failure error invalid missing offline nein falsch ungültig falso non faux não nao нет ложь
  ошибка nie không sai 否 无 失败 いいえ 아니오`.split(/\s+/);
const ELSE =
  /^(?:else|otherwise|default|other|others|sonst|andernfalls|sinon|autrement|de lo contrario|otro|senão|altrimenti|иначе|khác|否则|其他|その他|그외)$/i;
const COMPARISON =
  /^(?:([\p{L}_][\p{L}\p{N}_.]*)\s*)?(<=|>=|<|>|≤|≥|==?|!=)\s*([+-]?\d+(?:[.,]\d+)?)\s*[\p{L}°℃℉%‰/·²³]*$/u;
const RANGE = /^([+-]?\d+(?:[.,]\d+)?)\s*(?:-|–|\.\.|to|bis)\s*([+-]?\d+(?:[.,]\d+)?)\s*[\p{L}°℃℉%‰/·²³]*$/u;
const TOPIC = /^[\w.$+#-]+(?:\/[\w.$+#-]+)+$/;
const OPERATORS: Readonly<Record<string, string>> = { '≤': '<=', '≥': '>=', '==': '=' };

/** A label read as a question to a message: `known` tells whether the message answers it. */
interface Test {
  readonly known: string;
  readonly fits: string;
}

/**
 * What a decision of a chart does: one output for each label of its arrows. A message that answers the question goes where the answer
 * leads; one that says nothing about it goes every way, so that a drawing without data can be seen working. Undefined when there
 * is nothing to decide.
 */
export function decisionOf(graph: ChartGraph, id: string): Decision | undefined {
  const labels = [...new Set(leaving(graph, id).map(({ label }) => label))];
  if (labels.filter((label) => label !== '').length < 2) return undefined;
  const said = labels.filter((label) => label !== '' && !ELSE.test(label));
  const words = answersOf(said);
  const topics = said.every((label) => TOPIC.test(label));
  const tests = labels.map((label) => (said.includes(label) ? testOf(label, words, topics) : undefined));
  const asked = tests.filter((test) => test !== undefined);
  const otherwise = otherwiseOf(asked);
  const rules = labels.map((label, index): DecisionRule => {
    const test = tests[index];
    const v = test ? `${test.known} ? ${test.fits} : true` : otherwise;
    return { label, t: 'jsonata_exp', vt: 'jsonata', v };
  });
  const names = labels.map((label) => (label === '' ? 'no label' : `"${label}"`)).join(', ');
  return { rules, why: `it decides between ${names}; what does not answer the question goes every way` };
}

function otherwiseOf(tests: readonly Test[]): string {
  const known = tests.map((test) => `(${test.known})`).join(' or ');
  const fits = tests.map((test) => `(${test.known} ? ${test.fits} : false)`).join(' or ');
  return tests.length === 0 ? 'true' : `(${known}) ? $not(${fits}) : true`;
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

function testOf(label: string, answers: Answers, topics: boolean): Test {
  const word = firstWord(label);
  if (!topics && answers.yes.includes(word)) return answer(answers, true);
  if (!topics && answers.no.includes(word)) return answer(answers, false);
  const comparison = COMPARISON.exec(label);
  if (comparison) {
    const [, name, operator = '=', figure = '0'] = comparison;
    return quantity(name, (value) => `${value} ${OPERATORS[operator] ?? operator} ${numberOf(figure)}`);
  }
  const range = RANGE.exec(label);
  if (range) {
    const [low, high] = [numberOf(range[1] ?? '0'), numberOf(range[2] ?? '0')];
    return quantity(undefined, (value) => `${value} >= ${low} and ${value} <= ${high}`);
  }
  if (topics) {
    const known = '$type(topic) = "string" and $contains(topic, "/")';
    return { known, fits: `$match(topic, ${filterPattern(label)})[0] != null` };
  }
  return { known: '$exists(route)', fits: `route = ${JSON.stringify(label)}` };
}

function answer({ yes, no }: Answers, asked: boolean): Test {
  const said = '($type(payload) = "string" ? $lowercase(payload) : payload)';
  const [yeses, noes] = [JSON.stringify([true, 1, ...yes]), JSON.stringify([false, 0, ...no])];
  return { known: `${said} in $append(${yeses}, ${noes})`, fits: `${said} in ${asked ? yeses : noes}` };
}

function quantity(name: string | undefined, compare: (value: string) => string): Test {
  const named = name === undefined ? undefined : `$lookup(payload, ${JSON.stringify(name)})`;
  const value = named === undefined ? 'payload' : `($type(payload) = "object" ? ${named} : payload)`;
  return { known: `$type(${value}) = "number"`, fits: compare(value) };
}

const numberOf = (text: string): string => String(Number(text.replace(',', '.')));

/** An MQTT topic filter as a pattern: `+` is one level, `#` all that follow. */
function filterPattern(filter: string): string {
  const levels = filter.split('/').map((level) => {
    if (level === '+') return '[^\\/]+';
    return level === '#' ? '.*' : level.replace(/[.$+#]/g, '\\$&');
  });
  return `/^${levels.join('\\/')}$/`;
}
