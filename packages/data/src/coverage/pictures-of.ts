import type { Covered, Judged } from './covered.ts';
import { clean } from './finding.ts';
import { middleAndFar } from './nearest.ts';
import type { Picture, PictureOf } from './pictures.ts';
import type { ReferenceCoverage } from './reference-coverage.ts';
import type { SliceCoverage } from './slice-coverage.ts';

/** Bars of one picture. */
const mostBars = 60;
/** Pictures of columns with ranges. */
const mostRanges = 12;
/** A report holds so many pictures. */
const mostPictures = 32;
const distanceBins = 25;

/** What can be shown of what was counted, the most important first. */
export function picturesOf({ slices, ranges, held }: Covered, judged: Judged): Picture[] {
  const { min, minCovered, isShown } = judged;
  const parts = [
    ...(slices.length === 0 ? [] : [overview(slices)]),
    ...ranges.slice(0, mostRanges).map(
      ({ column, ranges: bars }): Picture => ({
        ...{ kind: 'ranges', column: label(column), least: min },
        bars: bars.slice(0, 1000),
      }),
    ),
    ...(held === undefined ? [] : [...covered(held, minCovered, isShown), ...distances(held)]),
    ...slices.flatMap((slice) => combined(slice, isShown)),
  ];
  return parts.slice(0, mostPictures);
}

/** A bar for each slice: of combinations the one with the fewest rows. */
function overview(slices: readonly SliceCoverage[]): Picture {
  const known = slices.filter(({ leastRows }) => leastRows !== undefined);
  const missing = ({ leastRows = 0, least }: SliceCoverage): number =>
    least === 0 ? 1 : Math.min(1, leastRows / least);
  const shown =
    known.length <= mostBars ? known : known.toSorted((one, other) => missing(one) - missing(other)).slice(0, mostBars);
  return {
    kind: 'slices',
    bars: shown.map(({ name, leastRows = 0, least, expected, columns }) => ({
      ...{ name: label(name), rows: leastRows, least },
      ...(columns.length === 0 ? {} : { of: expected }),
    })),
    more: slices.length - shown.length,
  };
}

function combined({ columns, name, least, pictured, expected }: SliceCoverage, isShown: boolean): Picture[] {
  const [x, y] = columns;
  if (x === undefined || pictured.length === 0) return [];
  const about = { slice: label(name), more: expected - pictured.length };
  if (y === undefined) {
    const bars = pictured.map(({ values: [value = ''], rows }, at) => ({
      ...{ name: isShown ? label(value) : `value ${at + 1}`, rows, least },
    }));
    return [{ kind: 'values', ...about, bars }];
  }
  const place = [0, 1].map((axis) => {
    const all = [...new Set(pictured.map(({ values }) => values[axis] ?? ''))];
    return new Map(all.map((value, at) => [value, isShown ? labelAmong(all, at) : `value ${at + 1}`]));
  });
  const bars = pictured.map(({ values: [one = '', other = ''], rows }) => ({
    ...{ y: place[0]?.get(one) ?? '', x: place[1]?.get(other) ?? '', rows },
  }));
  return [{ kind: 'combinations', ...about, columns: [label(x), label(y)], least, bars }];
}

function covered({ columns }: ReferenceCoverage, least: number, isShown: boolean): Picture[] {
  const some = columns.filter(({ groups }) => groups > 0).toSorted((one, other) => one.covered - other.covered);
  if (some.length === 0) return [];
  const bars = some.slice(0, mostBars).map(({ name, absent, ...each }) => ({
    ...{ column: label(name), covered: each.covered, groups: each.groups, without: each.without },
    absent: isShown ? absent.slice(0, 8).map(label).join(', ') : '',
  }));
  return [{ kind: 'covered', least, bars, more: some.length - bars.length }];
}

function distances({ nearest }: ReferenceCoverage): PictureOf<'distances'>[] {
  if (nearest === undefined) return [];
  const { table, usual } = nearest;
  const end = Math.max(table.at(-1) ?? 0, usual.at(-1) ?? 0) || 1;
  const shares = (sorted: Float64Array): number[] => {
    const counts = Array.from({ length: distanceBins }, () => 0);
    for (const distance of sorted) {
      const at = Math.min(distanceBins - 1, Math.floor((distance / end) * distanceBins));
      counts[at] = (counts[at] ?? 0) + 1;
    }
    return counts.map((count) => count / sorted.length);
  };
  const [here, there] = [shares(table), shares(usual)];
  const step = end / distanceBins;
  return [
    {
      kind: 'distances',
      medians: { table: middleAndFar(table).median, usual: middleAndFar(usual).median },
      bars: here.map((share, at) => ({ from: at * step, to: (at + 1) * step, table: share, usual: there[at] ?? 0 })),
    },
  ];
}

/** Values that begin alike are told apart by their places. */
function labelAmong(values: readonly string[], at: number): string {
  const text = label(values[at] ?? '');
  return values.findIndex((value) => label(value) === text) === at ? text : `${text} (${at + 1})`;
}

/** A name or a value in a picture. */
function label(text: string): string {
  const safe = clean(text, 400);
  return safe.length > 60 ? `${safe.slice(0, 59)}…` : safe;
}
