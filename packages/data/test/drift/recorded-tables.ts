import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '@holdfast/dataset';
import { afterAll, expect, test } from 'vitest';
import { type Drift, driftOf } from '../../src/drift/drift-of.ts';
import { judge } from '../../src/drift/judge.ts';
import { driftMetrics } from '../../src/drift/metrics.ts';
import type { Correction } from '../../src/drift/options.ts';
import { tablePair } from './table-pairs.ts';

interface Recorded {
  readonly rows: readonly [current: number, reference: number];
  readonly columns: readonly {
    readonly kind: string;
    readonly values: readonly [current: number, reference: number];
    readonly tests: Readonly<Record<string, readonly [statistic: number, p: number]>>;
    readonly effects: Readonly<Record<string, number>>;
    readonly missing?: readonly [current: number, reference: number, p: number, effect: number];
  }[];
  readonly adjusted: Readonly<Record<Correction, readonly number[]>>;
  /** p by permutation. */
  readonly discrepancy?: { readonly statistic: number; readonly p: number };
  /** Of five seeds: the least, the mean, the greatest. */
  readonly auc: readonly [number, number, number];
}

/** SciPy 1.16.3, scikit-learn 1.9.1, statsmodels 0.15.0 and NumPy 2.3.5, written by tools/peers/record-drift.py. */
export const { pairs, areas } = JSON.parse(readFileSync(join(import.meta.dirname, 'recorded.json'), 'utf8')) as {
  readonly pairs: Readonly<Record<string, Recorded>>;
  readonly areas: readonly {
    readonly current: readonly number[];
    readonly reference: readonly number[];
    readonly auc: number;
    readonly variance: number;
    readonly p: number;
  }[];
};

const folder = mkdtempSync(join(tmpdir(), 'drift-recorded-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What is below the last bits of a sum of shares, or of 1 - p, is noise. */
const noise = 1e-14;

export function near(found: number | undefined, wanted: number, what: string, relative = 1e-9): void {
  const distance = Math.abs((found ?? Number.NaN) - wanted);
  expect(distance, `${what}: ${found} instead of ${wanted}`).toBeLessThanOrEqual(relative * Math.abs(wanted) + noise);
}

/** Two estimates of one chance, each by 999 permutations: five standard deviations, and what one permutation more makes. */
function nearChance(found: number | undefined, wanted: number, what: string): void {
  const spread = Math.sqrt((2 * Math.max(wanted, 0.001) * (1 - wanted)) / 999);
  expect(Math.abs((found ?? Number.NaN) - wanted), what).toBeLessThanOrEqual(5 * spread + 0.001);
}

type Tests = 'default' | 'all';

async function compared(name: string, tests: Tests, skip: (reason: string) => void): Promise<Drift> {
  const { current, reference, options } = tablePair(name, folder, skip);
  const tables = [
    await openTable(current, { format: 'csv', ...options }),
    await openTable(reference, { format: 'csv', ...options }),
  ] as const;
  const all = { tests, alpha: 0.05, maxRows: 5_000_000, multivariate: true, seed: 0 } as const;
  try {
    return await driftOf([tables[0]], [tables[1]], all, { signal: new AbortController().signal });
  } finally {
    for (const table of tables) await table.close();
  }
}

function compareColumns(name: string, tests: Tests, { columns }: Drift, recorded: Recorded): void {
  for (const [at, wanted] of recorded.columns.entries()) {
    const found = columns[at];
    const what = `${name}, column ${at}`;
    expect([found?.kind, found?.values.current, found?.values.reference], what).toEqual([
      wanted.kind,
      ...wanted.values,
    ]);
    expect(
      found?.tests.map((each) => each.name),
      what,
    ).toEqual(Object.keys(wanted.tests).slice(0, tests === 'all' ? undefined : 1));
    for (const { name: test, statistic, p } of found?.tests ?? []) {
      const [wantedStatistic = 0, wantedP = 0] = wanted.tests[test] ?? [];
      near(statistic, wantedStatistic, `${what}, ${test}`);
      const isSampled = test === 'Anderson–Darling' && wanted.values[0] + wanted.values[1] <= 10_000;
      if (isSampled) nearChance(p, wantedP, `${what}, p of ${test}`);
      else near(p, wantedP, `${what}, p of ${test}`);
    }
    expect(Object.keys(found?.effects ?? {}).sort(), what).toEqual(Object.keys(wanted.effects).sort());
    for (const [measure, size] of Object.entries(wanted.effects))
      near(found?.effects[measure], size, `${what}, ${measure}`);
    const { missing } = found ?? {};
    const shares = missing === undefined ? [] : [missing.current, missing.reference, missing.p, missing.effect];
    expect(shares, what).toHaveLength(wanted.missing?.length ?? 0);
    for (const [index, share] of (wanted.missing ?? []).entries()) near(shares[index], share, `${what}, missing`);
  }
}

/** With one test a column, and rows as a whole left out, nothing is sampled. */
function compareAdjusted(drift: Drift, { adjusted }: Recorded): void {
  const { rows, pairs: named } = drift;
  const columns = drift.columns.map((column) => ({ ...column, tests: column.tests.slice(0, 1) }));
  for (const [correction, wanted] of Object.entries(adjusted) as [Correction, number[]][]) {
    const judged = judge({ rows, columns, pairs: named }, { alpha: 0.05, correction });
    expect(judged).toHaveLength(wanted.length);
    for (const [at, p] of wanted.entries()) near(judged[at]?.test?.adjusted, p, `${correction}, ${at}`);
    const seen = judged.filter(({ standing }) => standing !== 'same').length;
    expect(seen).toBe(wanted.filter((p) => p <= 0.05).length);
  }
}

/** Tests that `data.drift` reports of these tables what was recorded. */
export function testRecorded(names: readonly string[], tests: Tests): void {
  test.for(names)('%s', async (name, context) => {
    const recorded = pairs[name];
    if (recorded === undefined) throw new Error(`nothing is recorded of ${name}`);
    const drift = await compared(name, tests, (reason) => {
      context.skip(reason);
    });
    expect([drift.rows.current, drift.rows.reference]).toEqual(recorded.rows);
    expect(drift.columns).toHaveLength(recorded.columns.length);
    compareColumns(name, tests, drift, recorded);
    compareAdjusted(drift, recorded);
    compareRows(name, drift, recorded);
    compareReport(name, drift, recorded);
  });
}

/** The figures of the report are those. */
function compareReport(name: string, drift: Drift, { columns }: Recorded): void {
  const metrics = driftMetrics(drift, judge(drift, { alpha: 0.05, correction: 'holm' }));
  for (const [at, { effects, missing }] of columns.entries()) {
    const column = drift.columns[at]?.name ?? '';
    for (const [measure, size] of Object.entries(effects))
      near(metrics[`${column}.${measure}`], size, `${name}, column ${at}, ${measure}`);
    if (missing !== undefined) near(metrics[`${column}.missing`], missing[0] - missing[1], `${name}, column ${at}`);
  }
  expect(metrics['auc']).toBe(drift.classifier?.auc);
}

function compareRows(name: string, { discrepancy, classifier }: Drift, recorded: Recorded): void {
  // Up to 300 rows in both the bandwidth is the median of all distances; of more, of those of 300 rows.
  const isWhole = recorded.rows[0] + recorded.rows[1] <= 300;
  if (recorded.discrepancy !== undefined) {
    near(discrepancy?.statistic, recorded.discrepancy.statistic, name, isWhole ? 1e-9 : 0.05);
    nearChance(discrepancy?.p, recorded.discrepancy.p, name);
  }
  const [least, mean, greatest] = recorded.auc;
  const found = classifier?.auc ?? 0;
  const said = `${name}: area ${found} instead of ${least} to ${greatest}`;
  expect(Math.abs(found - mean), said).toBeLessThanOrEqual(Math.max(0.05, greatest - least));
}
