import type { TriggerPart } from '../detector.ts';
import type { PoisonScene } from '../scene.ts';
import { type Group, type GroupPart, rowsWith } from './grow.ts';

/** Ends of an interval that are tried. */
const mostEnds = 300;

/** A trigger with the ends of its intervals, and the rows of its class that carry it. */
export interface Tightened extends Group {
  readonly found: readonly TriggerPart[];
}

/** Finds, for each column in turn, the interval that sets the rows which have the other parts apart from all others. */
export function tightened(scene: PoisonScene, group: Group, isLeftOut: Uint8Array): Tightened {
  let parts = group.parts.map((part) => widened(scene, { ...part, found: partOf(scene, group, part) }));
  for (let turn = 0; turn < 2; turn += 1) {
    for (const at of parts.keys()) {
      const others = parts.filter((_, place) => place !== at);
      const among = rowsWith(scene, group.label, others, isLeftOut);
      const chance = others.reduce((product, part) => product * shareOf(scene, part, isLeftOut), 1);
      const expected = 0.1 + chance * sizeOf(scene, group.label, isLeftOut);
      parts = parts.map((part, place) => (place === at ? narrowed(scene, part, { among, expected, isLeftOut }) : part));
    }
  }
  const rows = rowsWith(scene, group.label, parts, isLeftOut);
  return { label: group.label, parts, rows, found: parts.map(({ found }) => found) };
}

interface FoundPart extends GroupPart {
  readonly found: TriggerPart;
}

function partOf({ columns }: PoisonScene, { rows }: Group, { column, has }: GroupPart): TriggerPart {
  const found = columns[column];
  const name = found?.name ?? '';
  if (found?.kind === 'category') {
    const code = found.codes[has.indexOf(1)] ?? -1;
    return code < 0 ? { column: name, kind: 'missing' } : { column: name, kind: 'category', code };
  }
  const values = Float64Array.from(rows, (row) => found?.values[row] ?? Number.NaN);
  if (values.some(Number.isNaN)) return { column: name, kind: 'missing' };
  return { column: name, kind: 'interval', low: Math.min(...values), high: Math.max(...values) };
}

/** Three times as wide: what a trigger is jittered by need not end where an item does. */
function widened({ columns }: PoisonScene, part: FoundPart): FoundPart {
  const column = columns[part.column];
  if (column?.kind !== 'number' || part.found.kind !== 'interval') return part;
  const { low, high } = part.found;
  const has = column.values.map((value) => Number(value >= low - (high - low) && value <= high + (high - low)));
  return { ...part, has: Uint8Array.from(has) };
}

/**
 * The interval [low, high] that holds most of `among` for how few other rows it holds: of the intervals between two of their values the
 * one with the largest log-likelihood ratio (M. Kulldorff, "A spatial scan statistic", 1997; the Poisson model).
 * @param expected rows of `among` that chance would put there
 */
function narrowed(
  scene: PoisonScene,
  part: FoundPart,
  {
    among,
    expected,
    isLeftOut,
  }: { readonly among: Uint32Array; readonly expected: number; readonly isLeftOut: Uint8Array },
): FoundPart {
  const column = scene.columns[part.column];
  if (column?.kind !== 'number' || part.found.kind !== 'interval' || among.length === 0) return part;
  const own = Float64Array.from(among, (row) => column.values[row] ?? Number.NaN)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const isOwn = new Set(among);
  const rest = column.values
    .filter((value, row) => !Number.isNaN(value) && !isOwn.has(row) && isLeftOut[row] === 0)
    .sort();
  const best = densest({ own, rest, expected }) ?? { low: part.found.low, high: part.found.high };
  const has = Uint8Array.from(column.values, (value) => Number(value >= best.low && value <= best.high));
  return { ...part, has, found: { column: column.name, kind: 'interval', low: best.low, high: best.high } };
}

interface Scanned {
  /** Values of the group and of the rest, sorted. */
  readonly own: Float64Array;
  readonly rest: Float64Array;
  readonly expected: number;
}

function densest({ own, rest, expected }: Scanned): { readonly low: number; readonly high: number } | undefined {
  const step = Math.max(1, Math.ceil(own.length / mostEnds));
  const ends = own.filter((value, at) => (at % step === 0 || at === own.length - 1) && value !== own[at - 1]);
  const counts = (values: Float64Array, isUpTo: boolean) => ends.map((end) => countBelow(values, end, isUpTo));
  const [below, upTo] = [counts(own, false), counts(own, true)];
  const [under, through] = [counts(rest, false), counts(rest, true)];
  let best: { ratio: number; low: number; high: number } | undefined;
  for (let from = 0; from < ends.length; from += 1) {
    for (let to = from; to < ends.length; to += 1) {
      const inside = (upTo[to] ?? 0) - (below[from] ?? 0);
      const chance = ((through[to] ?? 0) - (under[from] ?? 0) + 1) / (rest.length + 2);
      const ratio = likelihoodRatio(inside, Math.min(expected, own.length) * chance);
      if (best === undefined || ratio > best.ratio) best = { ratio, low: ends[from] ?? 0, high: ends[to] ?? 0 };
    }
  }
  return best;
}

/** Of a Poisson distribution with the mean that is seen, against the one that is expected. */
function likelihoodRatio(inside: number, expected: number): number {
  return inside <= expected ? 0 : inside * Math.log(inside / expected) - inside + expected;
}

function sizeOf({ labels }: PoisonScene, label: number, isLeftOut: Uint8Array): number {
  return labels.reduce((sum, each, row) => sum + Number(each === label && isLeftOut[row] !== 1), 0);
}

function shareOf({ rows }: PoisonScene, { has }: GroupPart, isLeftOut: Uint8Array): number {
  return has.reduce((sum, each, row) => sum + (isLeftOut[row] === 1 ? 0 : each), 0) / Math.max(1, rows);
}

function countBelow(sorted: Float64Array, bound: number, isUpTo: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle] ?? 0;
    if (isUpTo ? value <= bound : value < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
