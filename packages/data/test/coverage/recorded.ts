import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTable } from '@holdfast/dataset';
import type { Report } from '@holdfast/evidence/check';
import { expect } from 'vitest';
import { middleAndFar } from '../../src/coverage/nearest.ts';
import { referenceCoverage } from '../../src/coverage/reference-coverage.ts';
import { coverageOfFile } from './coverage-scene.ts';

export interface Combinations {
  readonly columns: readonly string[];
  /** By values with `|` between them. */
  readonly rows: Readonly<Record<string, number>>;
  readonly outside: number;
}
export interface Ranges {
  readonly column: string;
  readonly edges: readonly (number | null)[];
  readonly rows: readonly number[];
  readonly outside: number;
  readonly missing: number;
}
export interface Distances {
  readonly quantiles: Readonly<Record<'table' | 'usual', readonly [number, number]>>;
  /** Every tenth of the sorted ones. */
  readonly table: readonly number[];
  readonly usual: readonly number[];
}
export interface Table {
  readonly combinations: readonly Combinations[];
  readonly ranges: readonly Ranges[];
  readonly covered: Readonly<Record<string, { groups: number; without: number; covered: number; foreign: number }>>;
  readonly distances: Distances;
}

/** pandas 2.3.3, NumPy 2.3.5, SciPy 1.16.3 and scikit-learn 1.9.1, written by tools/peers/record-coverage.py. */
export const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'recorded.json'), 'utf8')) as {
  readonly census: Table & { readonly rows: number; readonly slices: Readonly<Record<string, number>> };
  readonly german: Table;
  readonly pima: Table;
  readonly compas: Pick<Table, 'combinations' | 'ranges'>;
};

export const near = (one: number | undefined, other: number | undefined): void => {
  expect(Math.abs((one ?? Number.NaN) - (other ?? Number.NaN))).toBeLessThanOrEqual(1e-9);
};

/** Holds columns and distances against scikit-learn, each of them. */
export async function holdReference(
  paths: { readonly table: string; readonly reference: string },
  reading: object,
  { covered, distances }: Pick<Table, 'covered' | 'distances'>,
): Promise<void> {
  const options = { format: 'csv', threads: 2, ...reading } as const;
  const [table, reference] = [await openTable(paths.table, options), await openTable(paths.reference, options)];
  const held = await referenceCoverage([table], [reference], { seed: 0, signal: new AbortController().signal });
  await table.close();
  await reference.close();
  const columns = held.columns.map(({ name, groups, without, covered: part, foreign }) => [
    name,
    { groups, without, covered: part, foreign },
  ]);
  expect(Object.fromEntries(columns)).toEqual(covered);
  for (const side of ['table', 'usual'] as const) {
    const found = held.nearest?.[side] ?? new Float64Array();
    const tenth = [...found].filter((_, at) => at % 10 === 0);
    expect(tenth).toHaveLength(distances[side].length);
    for (const [at, distance] of tenth.entries()) near(distance, distances[side][at]);
    const { median, far } = middleAndFar(found);
    near(median, distances.quantiles[side][0]);
    near(far, distances.quantiles[side][1]);
  }
}

/** What has to be said of combinations, from the rows that a peer counted. */
export function expectedCombinations({ columns, rows, outside }: Combinations, min: number): string[] {
  const short = Object.entries(rows).filter(([, count]) => count < min);
  const all = columns.map((column) => `\`${column}\``).join(' × ');
  const empty = short.filter(([, count]) => count === 0).length;
  const each = short.map(
    ([values, count]) =>
      `${values
        .split('|')
        .map((value, at) => `${columns[at] ?? ''} = ${value}`)
        .join(', ')}: ${count} ${count === 1 ? 'row' : 'rows'}, fewer than ${min}`,
  );
  return [
    ...(short.length === 0
      ? []
      : [
          `${short.length} of ${Object.keys(rows).length} combinations of ${all} ${short.length === 1 ? 'has' : 'have'} fewer than ${min} rows${empty > 0 ? `, ${empty} of them none` : ''}`,
          ...each,
        ]),
    ...(outside === 0 ? [] : [`${outside} rows in no combination of ${all}: a value is missing or not named`]),
  ];
}

function expectedRanges({ column, edges, rows, outside, missing: gone }: Ranges, min: number): string[] {
  const short = rows.flatMap((count, at) => {
    const [from, to] = [edges[at] ?? null, edges[at + 1] ?? null];
    const place = from === null ? `below ${to}` : to === null ? `from ${from} on` : `from ${from} to ${to}`;
    return count < min
      ? [`\`${column}\` ${place} has ${count} ${count === 1 ? 'row' : 'rows'}, fewer than ${min}`]
      : [];
  });
  if (outside + gone === 0) return short;
  return [
    ...short,
    `${outside} ${outside === 1 ? 'row' : 'rows'} in no range of \`${column}\`, ${gone} ${gone === 1 ? 'row' : 'rows'} without a value`,
  ];
}

const messages = ({ findings }: Report): string[] => findings.map(({ message }) => message).sort();

/** Asks for each of the combinations and ranges, and holds every sentence against what was recorded. */
export async function holdCounts(
  path: string,
  reading: object,
  { combinations, ranges }: Pick<Table, 'combinations' | 'ranges'>,
  min: number,
): Promise<Report> {
  const slices = combinations.map(({ columns }) => ({ columns }));
  const edges = Object.fromEntries(ranges.map((each) => [each.column, each.edges]));
  const report = await coverageOfFile(path, { ...reading, slices, ranges: edges, min });
  const wanted = [
    ...combinations.flatMap((each) => expectedCombinations(each, min)),
    ...ranges.flatMap((each) => expectedRanges(each, min)),
  ];
  expect(messages(report)).toEqual(wanted.sort());
  const rows = [...combinations.flatMap((each) => Object.values(each.rows)), ...ranges.flatMap((each) => each.rows)];
  expect(report.metrics).toMatchObject({
    ...{ short: rows.filter((count) => count < min).length, least_rows: Math.min(...rows) },
    slices: combinations.reduce((sum, each) => sum + Object.keys(each.rows).length, 0),
    ranges: ranges.reduce((sum, each) => sum + each.rows.length, 0),
  });
  expect(report.verdict).toBe(rows.some((count) => count < min) ? 'fail' : 'pass');
  return report;
}
