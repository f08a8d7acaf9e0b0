import type { Comparison, Measured } from '@holdfast/trials/hardening/comparison';
import { sizeText } from '../scan/words.ts';

/** What a hardening cost and won, as a table for people: at most 80 columns. */
export function comparisonLines({ rows, before, after, agreeing }: Comparison): string[] {
  const size = (label: string, of: (file: Measured) => number): string => {
    const [old, now] = [of(before), of(after)];
    return line(label, sizeText(old), sizeText(now), part(now, old));
  };
  return [
    line('', 'before', 'after', ''),
    accuracy('clean accuracy', before.right, after.right, rows),
    ...(before.withstood === undefined || after.withstood === undefined
      ? []
      : [accuracy('robust accuracy', before.withstood, after.withstood, rows, true)]),
    line('same answers', '', percent(agreeing / rows), `of ${rows} samples`),
    size('file', (file) => file.bytes),
    size('  as gzip', (file) => file.gzip),
    size('  as zstd', (file) => file.zstd),
    ...latencyLines(before.latency, after.latency),
  ].map((text) => text.trimEnd());
}

function line(label: string, before: string, after: string, change: string): string {
  return `  ${label.padEnd(16)}${before.padStart(12)}${after.padStart(12)}   ${change}`;
}

function accuracy(label: string, before: number, after: number, rows: number, isGain = false): string {
  const points = (100 * (after - before)) / rows;
  const gain = isGain && before > 0 ? `, ${part(after, before)}` : '';
  return line(label, percent(before / rows), percent(after / rows), `${signed(points.toFixed(1))} points${gain}`);
}

function latencyLines(before: Measured['latency'], after: Measured['latency']): string[] {
  if (before === undefined || after === undefined) return [];
  const spread = ({ low, high }: { readonly low: number; readonly high: number }): string =>
    `${milliseconds(low)} to ${milliseconds(high)}`;
  return [
    line('time of a run', milliseconds(before.median), milliseconds(after.median), part(after.median, before.median)),
    `    half of the runs: ${spread(before)}; ${spread(after)}`,
  ];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** How much more or less that is, in %. */
function part(now: number, before: number): string {
  return before === 0 ? '' : `${signed((100 * (now / before - 1)).toFixed(0))} %`;
}

/** With a sign that is as wide as a plus; none where it rounds to nothing. */
function signed(text: string): string {
  const number = Number(text);
  if (number === 0) return text.replace('-', '');
  return number > 0 ? `+${text}` : text.replace('-', '−');
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(3) : value.toFixed(1)} ms`;
}
