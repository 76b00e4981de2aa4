import type { Fields } from './field.ts';

/** Lifts the settings of one version to the next. Pure; gets and gives what stands in the flow file. */
export interface Migration {
  /** The version it leads to. */
  readonly to: number;
  up(settings: Record<string, unknown>): Record<string, unknown>;
}

/** A node, declared once: runtime type, editor defaults, form, validators, help table and JSON schema are made from it. */
export interface Definition<F extends Fields = Fields> {
  readonly type: `chartwire-${string}`;
  /** Rises with every change of the fields' meaning; each step has a migration. */
  readonly version: number;
  /** `config` nodes have no place on the canvas. */
  readonly category: 'chartwire' | 'config';
  /** A config node that belongs to its tab and is used by no node: the editor then does not call it unused. */
  readonly standsAlone?: true;
  /** Name in the palette. */
  readonly label: string;
  /** One sentence: what it does. */
  readonly summary: string;
  readonly color: string;
  /** An input port, or one only while one of these fields has that value. */
  readonly inputs: 0 | 1 | { readonly whileAny: Readonly<Record<string, string>> };
  /** A fixed number, or one output for each row of a field, named by a column. */
  readonly outputs: number | { readonly rowsOf: string; readonly labelledBy: string };
  /** A node without a name is called by the first of these fields that is filled. */
  readonly labelledBy?: readonly string[];
  readonly inputLabel?: string;
  readonly outputLabels?: readonly string[];
  /** A button on the node; pressing it calls the node's `press`. */
  readonly button?: {
    readonly label: string;
    /** Shown only while no wire leads to the node. */
    readonly atEntry?: true;
  };
  /** Icon and button on the right: for nodes at the end of a flow. */
  readonly align?: 'right';
  /** Rows with a column `module`: Node-RED installs those modules before it starts the flow. */
  readonly modulesIn?: string;
  readonly fields: F;
  readonly migrations: readonly Migration[];
}

/** Declares a node type. */
export const define = <const F extends Fields>(definition: Definition<F>): Definition<F> => definition;

/** What is wrong with these settings, by field; empty when all is well. Unknown keys are left alone. */
export function settingsProblems(definition: Definition, settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(definition.fields).flatMap(([name, field]) => {
    const problem = field.problem(settings[name]);
    return problem === undefined ? [] : [`${field.label} ${problem}`];
  });
}
