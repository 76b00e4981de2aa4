import type { LiveNode, LiveWire } from './live-reading.ts';

const UNITS = ['', 'k', 'M', 'G'] as const;

/** A figure with three places at most: `0.4`, `12`, `3.5k`; one with a decimal may be a whole one nearly. */
export function shortFigure(figure: number): string {
  let rest = figure;
  let unit = 0;
  while (rest >= 999.5 && unit < UNITS.length - 1) {
    rest /= 1_000;
    unit += 1;
  }
  const isWhole = Number.isInteger(figure) && unit === 0;
  const text = isWhole || rest >= 9.95 ? String(Math.round(rest)) : rest >= 0.095 ? rest.toFixed(1) : '<0.1';
  return `${text}${UNITS[unit] ?? ''}`;
}

/** A time given in ms: `0.02 ms`, `14 ms`, `2.1 s`. */
export function timeText(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms >= 10) return `${Math.round(ms)} ms`;
  return ms < 0.005 ? '<0.01 ms' : `${ms.toFixed(ms < 1 ? 2 : 1)} ms`;
}

/** What went over a wire, in one line: `12/s · 0.4/2.1 ms · 1% lost · 3.4kB/s`; the two times are p50 and p99. */
export const wireText = (wire: LiveWire): string => wireParts(wire).join(' · ');

/** The same in parts, the most important first; none of a wire that nothing went over. */
export function wireParts({ perSecond, p50Ms, p99Ms, loss, bytesPerSecond }: LiveWire): string[] {
  if (perSecond === 0 && loss === 0) return [];
  return [
    `${shortFigure(perSecond)}/s`,
    ...(p50Ms === undefined || p99Ms === undefined ? [] : [timesText(p50Ms, p99Ms)]),
    ...(loss === 0 ? [] : [`${shortFigure(loss * 100)}% lost`]),
    ...bytesParts({ bytesPerSecond }),
  ];
}

/** What a node does, in one line: `12/s · 2 err/s · queue 5`. A node that takes nothing tells what it sends. */
export function nodeText({ in: taken, out, errors, queue = 0 }: LiveNode): string {
  return [
    `${shortFigure(taken > 0 ? taken : out)}/s`,
    ...(errors > 0 ? [`${shortFigure(errors)} err/s`] : []),
    ...(queue > 0 ? [`queue ${shortFigure(queue)}`] : []),
  ].join(' · ');
}

/** The same in short lines, where the room is narrow: rate and bytes, times, loss. */
export function wireLines(wire: LiveWire): string[] {
  const [rate, ...others] = wireParts({ ...wire, bytesPerSecond: 0 });
  return rate === undefined ? [] : [[rate, ...bytesParts(wire)].join(' · '), ...others];
}

const bytesParts = ({ bytesPerSecond }: Pick<LiveWire, 'bytesPerSecond'>): string[] =>
  bytesPerSecond === 0 ? [] : [`${shortFigure(bytesPerSecond)}B/s`];

function timesText(p50Ms: number, p99Ms: number): string {
  const [first, second] = [timeText(p50Ms), timeText(p99Ms)];
  const [unit, other] = [first.split(' ')[1], second.split(' ')[1]];
  return unit === other ? `${first.split(' ')[0]}/${second}` : `${first}/${second}`;
}
