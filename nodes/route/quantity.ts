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
  µs: ['time', 1e-6],
  us: ['time', 1e-6],
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
  MPa: ['pressure', 1e6],
  psi: ['pressure', 6894.757293],
  ml: ['volume', 1e-6],
  l: ['volume', 1e-3],
  'm³': ['volume', 1],
  mV: ['voltage', 1e-3],
  V: ['voltage', 1],
  kV: ['voltage', 1e3],
  mA: ['current', 1e-3],
  A: ['current', 1],
  mW: ['power', 1e-3],
  W: ['power', 1],
  kW: ['power', 1e3],
  MW: ['power', 1e6],
  GW: ['power', 1e9],
  Hz: ['frequency', 1],
  kHz: ['frequency', 1e3],
  MHz: ['frequency', 1e6],
  GHz: ['frequency', 1e9],
  rpm: ['frequency', 1 / 60],
  Wh: ['energy', 3600],
  kWh: ['energy', 3.6e6],
  MWh: ['energy', 3.6e9],
  J: ['energy', 1],
  B: ['size', 1],
  kB: ['size', 1e3],
  KiB: ['size', 1024],
  MB: ['size', 1e6],
  MiB: ['size', 1024 ** 2],
  GB: ['size', 1e9],
  GiB: ['size', 1024 ** 3],
  TB: ['size', 1e12],
  'bit/s': ['rate', 1],
  'kbit/s': ['rate', 1e3],
  'Mbit/s': ['rate', 1e6],
  'Gbit/s': ['rate', 1e9],
  'kB/s': ['rate', 8e3],
  'MB/s': ['rate', 8e6],
  'm/s': ['speed', 1],
  'km/h': ['speed', 1 / 3.6],
};
const OTHER_NAMES: Readonly<Record<string, string>> = {
  C: '°C',
  '℃': '°C',
  F: '°F',
  '℉': '°F',
  sec: 's',
  hour: 'h',
  hours: 'h',
  days: 'd',
  percent: '%',
  KB: 'kB',
  bps: 'bit/s',
  kbps: 'kbit/s',
  Mbps: 'Mbit/s',
  Gbps: 'Gbit/s',
  L: 'l',
};

/** The name of a unit that is known, of all the names it has. */
export function unitNamed(name: string): string | undefined {
  const unit = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : name;
  return unit !== undefined && Object.hasOwn(UNITS, unit) ? unit : undefined;
}

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
