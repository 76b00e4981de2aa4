interface ChartCode {
  readonly severity: 'error' | 'warning';
  readonly what: string;
  readonly next: string;
}

/** What may be wrong with a chart, by the codes of its diagnostics; docs/errors.md is made from it. */
export const chartCodes = {
  ARROWS_TOO_MANY: {
    severity: 'error',
    what: 'arrows between subgraphs lead from and to so many boxes that there would be more than 40,000 wires',
    next: 'draw arrows to the boxes that are meant',
  },
  BOX_UNKNOWN: {
    severity: 'warning',
    what: 'the `flow:` block speaks of a box that the chart does not have',
    next: 'correct the id',
  },
  CONTROL_UNTAKEN: {
    severity: 'warning',
    what: 'a dotted arrow leads to a box that neither takes messages nor brings any (a comment, a rendezvous)',
    next: 'lead it to a box of the way that the messages take',
  },
  ID_TWICE: {
    severity: 'error',
    what: 'the `flow:` block gives one node id to two boxes',
    next: 'take one `id` away',
  },
  LINK_ENDS_NOWHERE: {
    severity: 'warning',
    what: 'a `link` to a chart that is not among those checked, that does not name this box, or whose box sends, or waits, as well',
    next: 'let both charts say it of each other, with arrows to the box in one of them; check both files',
  },
  LOOP_UNGUARDED: {
    severity: 'warning',
    what: 'no box of a circle is a step that could be its loop guard',
    next: 'put a box without a type into it',
  },
  SYNTAX_INVALID: {
    severity: 'error',
    what: 'Mermaid could not read it either',
    next: 'write there what the diagnostic expects',
  },
  TYPE_UNKNOWN: {
    severity: 'warning',
    what: "a box wants a type that is none of Node-RED's own or ours (in the editor: that is not installed); it is a step",
    next: 'correct the name, or install the type',
  },
  WIRE_DEAD: {
    severity: 'warning',
    what: 'an arrow leaves a node that sends nothing on, or leads to one that takes nothing',
    next: 'turn the arrow, or take it away',
  },
} as const satisfies Readonly<Record<string, ChartCode>>;

/** The code of something that is wrong with a chart. */
export type ChartCodeName = keyof typeof chartCodes;
