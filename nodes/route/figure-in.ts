import { isRecord } from '../../src/is-record.ts';
import { type Quantity, quantityOf, unitNamed } from './quantity.ts';

/** Names under which a measured value and its unit stand beside each other (`v` and `u` are those of SenML, RFC 8428). */
const VALUES = ['value', 'v'];
const UNITS = ['unit', 'units', 'u', 'unitOfMeasurement', 'unit_of_measurement'];

/**
 * The figure of a payload, in the unit it says: "77 °F", `{value: 77, unit: "°F"}`, `{temperature_F: 77}`. With a name that of the
 * property called so, in whatever spelling; of an object without one the value, or its only figure.
 */
export function figureIn(payload: unknown, name?: string): Quantity | undefined {
  if (!isRecord(payload)) return finite(quantityOf(payload));
  const key = name === undefined ? soleFigure(payload) : keyCalled(payload, name);
  if (key === undefined) return undefined;
  const held = payload[key];
  const figure = isRecord(held) ? figureIn(held) : finite(quantityOf(held));
  if (figure === undefined || figure.unit !== '') return figure;
  return { figure: figure.figure, unit: unitOf(payload, key) ?? '' };
}

const finite = (quantity: Quantity | undefined): Quantity | undefined =>
  quantity !== undefined && Number.isFinite(quantity.figure) ? quantity : undefined;

function soleFigure(payload: Readonly<Record<string, unknown>>): string | undefined {
  const value = VALUES.find((key) => Object.hasOwn(payload, key));
  if (value !== undefined) return value;
  const figures = Object.keys(payload).filter((key) => finite(quantityOf(payload[key])) !== undefined);
  return figures.length === 1 ? figures[0] : undefined;
}

/** `Battery level` is also `batteryLevel`, `battery_level` and, with its unit, `battery_level_%`. */
function keyCalled(payload: Readonly<Record<string, unknown>>, name: string): string | undefined {
  if (Object.hasOwn(payload, name)) return name;
  const wanted = bare(name);
  const keys = Object.keys(payload);
  return (
    keys.find((key) => bare(key) === wanted) ??
    keys.find((key) => unitAtEnd(key) !== undefined && bare(key.replace(AT_END, '')) === wanted)
  );
}

const bare = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

const AT_END = /[_ ]+([^_ ]+)$/;

const unitAtEnd = (key: string): string | undefined => unitNamed(AT_END.exec(key)?.[1] ?? '');

function unitOf(payload: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const beside = VALUES.includes(key) ? UNITS : [`${key}_unit`, `${key}Unit`];
  const said = [...beside, 'unit'].map((name) => payload[name]).find((unit) => typeof unit === 'string');
  return typeof said === 'string' ? (unitNamed(said) ?? said) : unitAtEnd(key);
}
