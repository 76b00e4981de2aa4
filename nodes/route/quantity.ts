/** A figure and what it is measured in, as "25 °C" or "900 ppm" say it. */
export interface Quantity {
  readonly figure: number;
  /** As written; empty without one. */
  readonly unit: string;
}

/** A figure, with a decimal point or comma, and perhaps a unit of letters and signs after it. Dates and times are none. */
const FORM = /^\s*([+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:e[+-]?\d+)?)\s*([\p{L}°℃℉%‰][\p{L}/·²³]{0,15})?\s*$/iu;

/** Each unit as `base = figure * factor + offset`; units of one family can be compared. */
type Unit = readonly [family: string, factor: number, offset?: number];
const UNITS: Readonly<Record<string, Unit>> = {
  K: ['temperature', 1],
  '°C': ['temperature', 1, 273.15],
  '°F': ['temperature', 5 / 9, 459.67 * (5 / 9)],
  '%': ['share', 1e-2],
  '‰': ['share', 1e-3],
  ppm: ['share', 1e-6],
  ppb: ['share', 1e-9],
  mm: ['length', 1e-3],
  cm: ['length', 1e-2],
  m: ['length', 1],
  km: ['length', 1e3],
  mg: ['mass', 1e-6],
  g: ['mass', 1e-3],
  kg: ['mass', 1],
  t: ['mass', 1e3],
  ms: ['time', 1e-3],
  s: ['time', 1],
  min: ['time', 60],
  h: ['time', 3600],
  d: ['time', 86_400],
  Pa: ['pressure', 1],
  hPa: ['pressure', 1e2],
  mbar: ['pressure', 1e2],
  kPa: ['pressure', 1e3],
  bar: ['pressure', 1e5],
  mV: ['voltage', 1e-3],
  V: ['voltage', 1],
  kV: ['voltage', 1e3],
  mA: ['current', 1e-3],
  A: ['current', 1],
  mW: ['power', 1e-3],
  W: ['power', 1],
  kW: ['power', 1e3],
  MW: ['power', 1e6],
  Wh: ['energy', 3600],
  kWh: ['energy', 3.6e6],
  J: ['energy', 1],
  B: ['size', 1],
  kB: ['size', 1e3],
  KiB: ['size', 1024],
  MB: ['size', 1e6],
  MiB: ['size', 1024 ** 2],
  GB: ['size', 1e9],
  'm/s': ['speed', 1],
  'km/h': ['speed', 1 / 3.6],
};
const OTHER_NAMES: Readonly<Record<string, string>> = { C: '°C', '℃': '°C', F: '°F', '℉': '°F' };

/** Reads a number, or text that is one with or without a unit. */
export function quantityOf(value: unknown): Quantity | undefined {
  if (typeof value === 'number') return { figure: value, unit: '' };
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const [, figure, unit = ''] = FORM.exec(value) ?? [];
  if (figure === undefined) return undefined;
  return { figure: Number(figure.replace(',', '.')), unit: OTHER_NAMES[unit] ?? unit };
}

/**
 * The left minus the right figure, in a unit of both. A side without a unit is in that of the other. NaN when the units
 * measure different things, nothing when one is not known.
 */
export function difference(left: Quantity, right: Quantity): number | undefined {
  if (left.unit === right.unit || left.unit === '' || right.unit === '') return left.figure - right.figure;
  const [from, to] = [UNITS[left.unit], UNITS[right.unit]];
  if (from === undefined || to === undefined) return undefined;
  if (from[0] !== to[0]) return Number.NaN;
  return inBase(left.figure, from) - inBase(right.figure, to);
}

/** Ten digits are more than any sensor has; further ones are left over from the conversion. */
function inBase(figure: number, [, factor, offset = 0]: Unit): number {
  return Number((figure * factor + offset).toPrecision(10));
}
