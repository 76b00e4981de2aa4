import { isRecord } from '../is-record.ts';

/** A whole number of the settings file: what it is when nobody says otherwise, and from where to where it may be set. */
export interface NumberSetting {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

export interface ReadNumbers<Name extends string> {
  readonly values: Readonly<Record<Name, number>>;
  readonly problems: readonly string[];
}

/** The numbers of one setting of Node-RED, and what is wrong with them; in place of a wrong one stands the usual one. */
export function readNumbers<Name extends string>(
  setting: string,
  numbers: Readonly<Record<Name, NumberSetting>>,
  given: unknown,
): ReadNumbers<Name> {
  const record = isRecord(given) ? given : {};
  const problems: string[] = [];
  const entries = Object.entries<NumberSetting>(numbers).map(([name, { usual, least, most }]) => {
    const value = Object.hasOwn(record, name) ? record[name] : usual;
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return [name, Number(value)];
    problems.push(
      `SETTING_INVALID: ${setting}.${name} is not a whole number from ${least} to ${most}; ${usual} is used, mend it in the settings file`,
    );
    return [name, usual];
  });
  return { values: Object.fromEntries(entries) as Record<Name, number>, problems };
}
