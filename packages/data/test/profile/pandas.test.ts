import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileOf } from '@holdfast/data';
import { openTable } from '@holdfast/dataset';
import { expect, test } from 'vitest';
import { published } from './scene.ts';

interface Recorded {
  readonly rows: number;
  readonly duplicates: number;
  readonly columns: Readonly<Record<string, RecordedColumn>>;
  readonly correlated: readonly string[];
  readonly correlations: readonly (readonly (number | null)[])[];
}
interface RecordedColumn {
  readonly present: number;
  readonly missing: number;
  readonly distinct: number;
  readonly counts?: readonly number[];
  readonly top?: string;
  readonly mean?: number;
  readonly deviation?: number | null;
  readonly skewness?: number | null;
  readonly kurtosis?: number | null;
  readonly zeros?: number;
  readonly least?: number;
  readonly greatest?: number;
  readonly quantiles?: readonly number[];
  readonly histogram?: readonly number[];
  readonly lengths?: readonly [number, number, number, number];
}

/** pandas 2.3.3 and NumPy 2.3.5, written by tools/peers/record-profile.py. */
const { tables } = JSON.parse(readFileSync(join(import.meta.dirname, 'pandas.json'), 'utf8')) as {
  tables: Record<string, Recorded>;
};

const near = (one: number | undefined, other: number | null | undefined, within = 1e-9): void => {
  if (other === null || other === undefined) return;
  expect(Math.abs((one ?? Number.NaN) - other)).toBeLessThanOrEqual(within * Math.max(1, Math.abs(other)));
};

test.for(Object.entries(tables))('the profile of %s has the numbers of pandas', async ([name, recorded], context) => {
  const path = join(published, `${name}.csv`);
  if (!existsSync(path)) {
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${path}`);
    context.skip(`needs ${name}.csv`);
  }
  const names = name === 'compas-two-years' ? {} : { names: Object.keys(recorded.columns) };
  const options = name === 'adult-train' ? { missing: ['?'], trim: true } : {};
  const table = await openTable(path, { format: 'csv', ...names, ...options });
  const profile = await profileOf([table], options);
  await table.close();
  expect([profile.rows, profile.duplicates]).toEqual([recorded.rows, recorded.duplicates]);
  for (const [at, [, wanted]] of Object.entries(recorded.columns).entries()) compare(profile.columns[at]!, wanted);
  for (const [one, row] of recorded.correlations.entries()) {
    for (const [other, r] of row.entries()) near(coefficient(profile, recorded, one, other), r);
  }
});

type Profile = Awaited<ReturnType<typeof profileOf>>;

function coefficient({ correlations }: Profile, { correlated }: Recorded, one: number, other: number): number {
  const at = (index: number): number => correlations?.columns.indexOf(correlated[index] ?? '') ?? -1;
  return correlations?.matrix[at(one)]?.[at(other)] ?? Number.NaN;
}

function compare(column: Profile['columns'][number], wanted: RecordedColumn): void {
  const { present, missing, distinct, top, numbers, lengths } = column;
  expect([column.name, present, missing, distinct?.count]).toEqual([
    column.name,
    wanted.present,
    wanted.missing,
    wanted.distinct,
  ]);
  expect(top?.values.map(({ count }) => count) ?? []).toEqual(wanted.counts ?? []);
  if (wanted.top !== undefined && (wanted.counts?.[0] ?? 0) > (wanted.counts?.[1] ?? 0))
    expect(top?.values[0]?.value).toBe(wanted.top);
  if (wanted.mean !== undefined && numbers !== undefined) {
    near(numbers.mean, wanted.mean, 1e-14);
    near(numbers.deviation, wanted.deviation, 1e-12);
    near(numbers.skewness, wanted.skewness);
    near(numbers.kurtosis, wanted.kurtosis);
    expect(numbers.zeros).toBe(wanted.zeros);
    expect(numbers.quantiles?.map(({ value }) => value)).toEqual(wanted.quantiles);
    if (wanted.least !== undefined) expect([numbers.least, numbers.greatest]).toEqual([wanted.least, wanted.greatest]);
    compareHistogram(column.type, numbers.histogram?.counts ?? [], wanted.histogram);
  }
  if (wanted.lengths !== undefined && lengths !== undefined) {
    expect([lengths.least, lengths.median, lengths.greatest]).toEqual([
      wanted.lengths[0],
      wanted.lengths[2],
      wanted.lengths[3],
    ]);
    near(lengths.mean, wanted.lengths[1], 1e-14);
  }
}

/** Bars of whole numbers are others than NumPy's; of few values there are half as many. */
function compareHistogram(type: string, counts: readonly number[], wanted: readonly number[] | undefined): void {
  if (wanted === undefined || type !== 'number') return;
  const joined = wanted.length / counts.length;
  const sums = counts.map((_, at) =>
    wanted.slice(at * joined, (at + 1) * joined).reduce((sum, count) => sum + count, 0),
  );
  expect(counts).toEqual(sums);
}
