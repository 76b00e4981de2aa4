import type { LabelType } from '../parse/syntax.ts';

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['apos', "'"],
  ['colon', ':'],
  ['gt', '>'],
  ['hash', '#'],
  ['lt', '<'],
  ['nbsp', ' '],
  ['num', '#'],
  ['quot', '"'],
  ['semi', ';'],
]);
const BREAK = /<br\s*\/?>|\\n|\r?\n/gi;
const FORMATTING = /<\/?(?:b|i|u|em|strong|small|big|sub|sup|span|div|p|code|font|center|img|a)\b[^<>]*>/gi;
const ICON = /\bfa[bklrs]?:fa-[\w-]+/g;
/** Mermaid's form of `#35;`; `&#35;` has it behind an ampersand. */
const ENCODED = /(&?)ﬂ°(°?)(\w+)¶ß/g;
const HTML = /&(#?)(\w+);/g;
/** Nobody stresses more words at once; without an end in sight each star would look for one in the whole label. */
const EMPHASIS = /(\*\*|__)(?=\S)(.{1,200}?)\1|(?<!\w)([*_])(?=\S)(.{1,200}?)\3(?!\w)/g;

/** What a label says when read aloud: no formatting, no icons, breaks as spaces, entities as characters. */
export function plainText(text: string, type: LabelType = 'text'): string {
  let plain = text.replace(BREAK, ' ').replace(FORMATTING, '').replace(ICON, '');
  if (type === 'markdown') plain = plain.replace(EMPHASIS, (_, _a, strong, _b, weak) => String(strong ?? weak));
  plain = plain
    .replace(HTML, (whole, number: string, name: string) => character(number !== '', name) ?? whole)
    .replace(ENCODED, (_, html: string, number: string, name: string) => {
      return character(number !== '' || html !== '', name) ?? `${html}#${name};`;
    });
  return plain.replace(/\s+/g, ' ').trim();
}

function character(isNumber: boolean, name: string): string | undefined {
  if (!isNumber) return NAMED.get(name);
  const code = Number(/^x/i.test(name) ? `0${name}` : name);
  return Number.isInteger(code) && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
