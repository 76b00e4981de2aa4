import type { Monaco } from './monaco-api.ts';

export const LANGUAGE = 'chartwire-mermaid';

const known = new WeakSet<Monaco>();

/** Teaches the code editor what a flowchart looks like, once. The colours are those of its themes. */
export function teachMermaid(monaco: Monaco): void {
  if (known.has(monaco)) return;
  known.add(monaco);
  monaco.languages.register({ id: LANGUAGE });
  monaco.languages.setLanguageConfiguration(LANGUAGE, {
    comments: { lineComment: '%%' },
    brackets: [
      ['{', '}'],
      ['[', ']'],
      ['(', ')'],
    ],
    autoClosingPairs: [
      { open: '[', close: ']' },
      { open: '{', close: '}' },
      { open: '(', close: ')' },
      { open: '"', close: '"', notIn: ['string'] },
    ],
  });
  monaco.languages.setMonarchTokensProvider(LANGUAGE, {
    tokenizer: {
      root: [
        [/^\s*---\s*$/, 'comment', '@frontmatter'],
        [/^\s*%%\{.*\}%%/, 'annotation'],
        [/%%.*$/, 'comment'],
        [/^\s*(?:graph|flowchart(?:-elk)?|swimlane-beta)\b/, 'keyword'],
        [/\b(?:TB|TD|BT|LR|RL)\b(?=\s*;?\s*$)/, 'keyword'],
        [/^\s*(?:subgraph|end|direction|classDef|class|style|linkStyle|click|accTitle|accDescr)\b/, 'keyword'],
        [/:::[\w-]+/, 'type'],
        [/@\{/, 'annotation', '@data'],
        [/\|[^|]*\|/, 'string'],
        [/"[^"]*"/, 'string'],
        [/<?(?:--+[->xo]?|==+[=>xo]?|-\.+->?|~~~+)/, 'operator'],
        [/[[({>]+[\\/]?/, 'delimiter', '@label'],
        [/[\p{L}\p{N}_]+/u, 'variable'],
        [/[&;]/, 'delimiter'],
      ],
      label: [
        [/"[^"]*"/, 'string'],
        [/[\\/]?[\])}]+/, 'delimiter', '@pop'],
        [/$/, '', '@pop'],
        [/[^"\])}\\/]+/, 'string'],
        [/./, 'string'],
      ],
      data: [
        [/\}/, 'annotation', '@pop'],
        [/"[^"]*"/, 'string'],
        [/[\w-]+(?=\s*:)/, 'attribute.name'],
        [/[^}"\w]+|\w+/, 'attribute.value'],
      ],
      frontmatter: [
        [/^\s*---\s*$/, 'comment', '@pop'],
        [/#.*$/, 'comment'],
        [/^\s*[\w$.-]+(?=\s*:)/, 'attribute.name'],
        [/"[^"]*"|'[^']*'/, 'string'],
        [/./, 'attribute.value'],
      ],
    },
    unicode: true,
  });
}
