/** What every kind of field has. `problem` says what is wrong with a value, or nothing. Runs in Node and in the browser. */
interface FieldBase<Value> {
  readonly label: string;
  /** One sentence for the tooltip and the help table. */
  readonly hint: string;
  readonly default: Value;
  /** Shown behind the input and in the help table: `ms`, `bytes`, `messages/s`. */
  readonly unit?: string;
  problem(value: unknown): string | undefined;
}

export interface TextField extends FieldBase<string> {
  readonly kind: 'text';
  readonly multiline: boolean;
  /** JavaScript: written in Node-RED's own code editor. */
  readonly code: boolean;
  /** Plugins of the editor of this type propose values. */
  readonly completedBy: string | undefined;
}
export interface NumberField extends FieldBase<number> {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
}
export interface BooleanField extends FieldBase<boolean> {
  readonly kind: 'boolean';
}
export interface ChoiceField<Option extends string = string> extends FieldBase<Option> {
  readonly kind: 'choice';
  readonly options: Readonly<Record<Option, string>>;
}
/** Kept in Node-RED's credentials: never in an exported flow, a log or a release. */
export interface SecretField extends FieldBase<string> {
  readonly kind: 'secret';
}
/** The id of a config node of the given type, or empty. */
export interface NodeField extends FieldBase<string> {
  readonly kind: 'node';
  readonly nodeType: string;
}
export interface JsonField extends FieldBase<string> {
  readonly kind: 'json';
}
export interface RowColumn {
  readonly label: string;
  readonly options?: Readonly<Record<string, string>>;
  /** May be left out of a row, and may stand there as a number, true or false: as in flows of the core nodes. */
  readonly optional?: true;
}
/** A list of rows with text columns. */
export interface RowsField<Column extends string = string> extends FieldBase<
  readonly Readonly<Record<Column, string>>[]
> {
  readonly kind: 'rows';
  readonly columns: Readonly<Record<Column, RowColumn>>;
}

export type Field =
  TextField | NumberField | BooleanField | ChoiceField | SecretField | NodeField | JsonField | RowsField;
export type Fields = Readonly<Record<string, Field>>;

/** The runtime type of a node's settings, inferred from its fields. */
export type SettingsOf<F extends Fields> = { readonly [Name in keyof F]: F[Name]['default'] };

interface Words {
  label: string;
  hint: string;
}

export const text = (
  words: Words & {
    default?: string;
    multiline?: boolean;
    code?: boolean;
    completedBy?: string;
    required?: boolean;
    problem?: (value: string) => string | undefined;
  },
): TextField => ({
  kind: 'text',
  label: words.label,
  hint: words.hint,
  default: words.default ?? '',
  multiline: words.multiline ?? words.code ?? false,
  code: words.code ?? false,
  completedBy: words.completedBy,
  problem: (value) => {
    if (typeof value !== 'string') return 'must be text';
    if (value === '') return words.required === true ? 'must not be empty' : undefined;
    return words.problem?.(value);
  },
});

export const number = (
  words: Words & { default: number; min: number; max: number; unit: string; integer?: boolean },
): NumberField => ({
  kind: 'number',
  label: words.label,
  hint: words.hint,
  unit: words.unit,
  default: words.default,
  min: words.min,
  max: words.max,
  problem: (value) => {
    // The editor keeps what was typed, as text.
    const figure = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof figure !== 'number' || Number.isNaN(figure)) return 'must be a number';
    if (words.integer !== false && !Number.isInteger(figure)) return 'must be a whole number';
    if (figure < words.min || figure > words.max) return `must be from ${words.min} to ${words.max} ${words.unit}`;
    return undefined;
  },
});

export const boolean = (words: Words & { default: boolean }): BooleanField => ({
  kind: 'boolean',
  ...words,
  problem: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
});

export const choice = <Option extends string>(
  words: Words & { default: NoInfer<Option>; options: Readonly<Record<Option, string>> },
): ChoiceField<Option> => ({
  kind: 'choice',
  ...words,
  problem: (value) =>
    typeof value === 'string' && Object.hasOwn(words.options, value)
      ? undefined
      : `must be one of ${Object.keys(words.options).join(', ')}`,
});

export const secret = (words: Words): SecretField => ({
  kind: 'secret',
  ...words,
  default: '',
  problem: (value) => (value === undefined || typeof value === 'string' ? undefined : 'must be text'),
});

export const configNode = (words: Words & { nodeType: string; required?: boolean }): NodeField => ({
  kind: 'node',
  label: words.label,
  hint: words.hint,
  nodeType: words.nodeType,
  default: '',
  problem: (value) => {
    if (typeof value !== 'string') return 'must be the id of a config node';
    return value === '' && words.required === true ? `must name a ${words.nodeType}` : undefined;
  },
});

export const json = (
  words: Words & { default?: string; problem?: (value: unknown) => string | undefined },
): JsonField => ({
  kind: 'json',
  label: words.label,
  hint: words.hint,
  default: words.default ?? '',
  problem: (value) => {
    if (typeof value !== 'string') return 'must be JSON text';
    if (value.trim() === '') return undefined;
    try {
      const parsed: unknown = JSON.parse(value);
      return words.problem?.(parsed);
    } catch (error) {
      return `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    }
  },
});

export const rows = <Column extends string>(
  words: Words & {
    default?: readonly Readonly<Record<NoInfer<Column>, string>>[];
    columns: RowsField<Column>['columns'];
    max?: number;
  },
): RowsField<Column> => ({
  kind: 'rows',
  label: words.label,
  hint: words.hint,
  columns: words.columns,
  default: words.default ?? [],
  problem: (value) => {
    if (!Array.isArray(value)) return 'must be a list';
    if (value.length > (words.max ?? 64)) return `must have at most ${words.max ?? 64} rows`;
    for (const [index, row] of value.entries()) {
      const problem = rowProblem(row, words.columns);
      if (problem !== undefined) return `row ${index + 1}: ${problem}`;
    }
    return undefined;
  },
});

function rowProblem(row: unknown, columns: RowsField['columns']): string | undefined {
  if (typeof row !== 'object' || row === null) return 'must be a record';
  for (const [name, column] of Object.entries(columns)) {
    const cell: unknown = Reflect.get(row, name);
    if (column.optional === true && (cell === undefined || cell === '')) continue;
    if (column.optional === true && (typeof cell === 'number' || typeof cell === 'boolean')) continue;
    if (typeof cell !== 'string') return `${name} must be text`;
    if (column.options !== undefined && !Object.hasOwn(column.options, cell)) {
      return `${name} must be one of ${Object.keys(column.options).join(', ')}`;
    }
  }
  return undefined;
}
