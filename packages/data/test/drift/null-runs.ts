import { type Random, randomOf } from '@holdfast/statistics';
import { categoricalDrift } from '../../src/drift/categorical-drift.ts';
import type { ColumnDrift } from '../../src/drift/column-drift.ts';
import { discrepancy } from '../../src/drift/discrepancy.ts';
import { domainClassifier } from '../../src/drift/domain-classifier.ts';
import type { Drift } from '../../src/drift/drift-of.ts';
import { findings } from '../../src/drift/findings.ts';
import { type Judged, judge, type Standing } from '../../src/drift/judge.ts';
import { numericDrift } from '../../src/drift/numeric-drift.ts';
import type { SampledColumn, SampledRows } from '../../src/drift/sampled-rows.ts';
import { shareChange } from '../../src/drift/share-change.ts';
import { verdictOf } from '../../src/drift/verdict.ts';

/** A column of a table that is drawn: numbers, or categories by name; some are missing. */
export interface DrawnColumn {
  readonly value: (random: Random) => number | string;
  readonly missing?: number;
}

export interface NullShape {
  readonly columns: readonly DrawnColumn[];
  /** Rows of each table, at least and at most. */
  readonly rows: readonly [least: number, most: number];
  readonly tests?: 'default' | 'all';
  /** Whether rows are compared as a whole, too. */
  readonly isJoint?: boolean;
}

const normal: DrawnColumn = { value: (random) => random.normal() };
const ties: DrawnColumn = { value: (random) => Math.round(random.normal() * 1.5) };
const two: DrawnColumn = { value: (random) => random.integer(2) };
const skewed: DrawnColumn = { value: (random) => Math.exp(2 * random.normal()) };
/** As capital gains are: nothing, most often. */
const seldom: DrawnColumn = { value: (random) => (random.uniform() < 0.9 ? 0 : Math.exp(8 + random.normal())) };
const heavy: DrawnColumn = { value: (random) => random.normal() / (0.05 + random.uniform()) };
/** Forty values, the k-th of them 1 / k as often as the first. */
const rare: DrawnColumn = { value: (random) => `v${Math.floor(40 ** random.uniform())}`, missing: 0.05 };
const few: DrawnColumn = { value: (random) => (random.uniform() < 0.97 ? 'often' : 'seldom') };
const three: DrawnColumn = { value: (random) => 'abc'.charAt(random.integer(3)), missing: 0.2 };

export const nullShapes: Readonly<Record<string, NullShape>> = {
  normal: { columns: [normal, normal, normal], rows: [5, 200] },
  'heavy ties': { columns: [ties, two, { ...ties, missing: 0.1 }], rows: [5, 200] },
  skewed: { columns: [skewed, seldom, heavy], rows: [5, 200] },
  'categories with rare values': { columns: [rare, few, three, rare], rows: [30, 300] },
  'mixed tables, rows as a whole included': { columns: [normal, ties, rare, three], rows: [30, 70], isJoint: true },
};

/** Too long for so many runs as the others. */
export const longNullShapes: Readonly<Record<string, NullShape>> = {
  'every test of mixed tables': { columns: [normal, ties, seldom, rare], rows: [8, 50], tests: 'all' },
};

/** Where chance alone is seen, but never large: with 1,500 rows it is `small`, and so a warning, in 8 tables of 500, none of them drifted. */
export const manyRows: NullShape = { columns: [normal, ties, skewed, three], rows: [4000, 5000] };

/** What a run of the check came to. */
export interface NullRun {
  readonly least: number;
  readonly standings: ReadonlySet<Standing>;
  readonly verdict: string;
}

/** Draws two tables from the same and lets the check judge them. */
export function nullRun(shape: NullShape, random: Random): NullRun {
  const drift = drawnDrift(shape, random);
  const judged: Judged[] = judge(drift, { alpha: 0.05, correction: 'holm' });
  const found = findings(drift, judged, { alpha: 0.05, maxRows: 5_000_000, isShown: true });
  return {
    least: judged.reduce((least, { test }) => Math.min(least, test?.adjusted ?? 1), 1),
    standings: new Set(judged.map(({ standing }) => standing)),
    // That there are few rows is said of every table that has few; columns that are drawn are none of a file.
    verdict: verdictOf(
      drift,
      judged,
      found.filter(({ rule }) => rule !== 'data.drift.few-rows' && rule !== 'data.drift.nothing-to-compare'),
      { fail: 1 },
    ),
  };
}

function drawnDrift(
  { columns, rows: [least, most], tests = 'default', isJoint = false }: NullShape,
  random: Random,
): Drift {
  const [n, m] = [0, 0].map(() => least + random.integer(most - least + 1)) as [number, number];
  const seed = random.integer(2 ** 31);
  const drawn = columns.map((column, at) => ({
    name: `c${at}`,
    now: draw(column, n, random),
    before: draw(column, m, random),
  }));
  const [current, reference] = [tableOf(n, drawn, 'now'), tableOf(m, drawn, 'before')];
  const classifier = isJoint ? domainClassifier(current, reference, { seed, confidence: 0.95 }) : undefined;
  const distance = isJoint ? discrepancy(current, reference, seed) : undefined;
  return {
    rows: { current: n, reference: m },
    columns: drawn.map(({ name, now, before }) => columnOf(name, now, before, { tests, seed })),
    pairs: { pairs: [], appeared: [], vanished: [], retyped: [], incomparable: [] },
    ...(classifier === undefined ? {} : { classifier }),
    ...(distance === undefined ? {} : { discrepancy: distance }),
  };
}

type Values = readonly (number | string | null)[];

const draw = ({ value, missing = 0 }: DrawnColumn, rows: number, random: Random): Values =>
  Array.from({ length: rows }, () => (missing > 0 && random.uniform() < missing ? null : value(random)));

const isText = (values: Values): boolean => values.some((value) => typeof value === 'string');

function columnOf(
  name: string,
  now: Values,
  before: Values,
  options: { readonly tests: 'default' | 'all'; readonly seed: number },
): ColumnDrift {
  const [some, someBefore] = [now, before].map((values) => values.filter((value) => value !== null));
  const values = { current: some?.length ?? 0, reference: someBefore?.length ?? 0 };
  const gone = [now.length - values.current, before.length - values.reference] as const;
  const share = { missing: shareChange([gone[0], now.length], [gone[1], before.length]) };
  const missing = gone[0] + gone[1] === 0 ? {} : share;
  if (isText([...now, ...before])) {
    const categories = countsOf(some as string[], someBefore as string[]);
    return { name, kind: 'categorical', values, ...missing, ...categoricalDrift({ categories, isHashed: false }) };
  }
  const [sorted, sortedBefore] = [some, someBefore].map((each) => Float64Array.from(each as number[]).sort());
  const drift = numericDrift(sorted ?? new Float64Array(), sortedBefore ?? new Float64Array(), options);
  return { name, kind: 'numeric', values, ...missing, ...drift };
}

function countsOf(
  now: readonly string[],
  before: readonly string[],
): { text: string; current: number; reference: number }[] {
  const count = (values: readonly string[], text: string): number => values.filter((value) => value === text).length;
  return [...new Set([...now, ...before])].map((text) => ({
    ...{ text, current: count(now, text), reference: count(before, text) },
  }));
}

function tableOf(
  rows: number,
  drawn: readonly { readonly name: string; readonly now: Values; readonly before: Values }[],
  side: 'now' | 'before',
): SampledRows {
  const columns = drawn.map(({ name, now, before, ...sides }): SampledColumn => {
    const values = { now, before, ...sides }[side];
    return isText([...now, ...before])
      ? { name, kind: 'categorical', values: values as (string | null)[] }
      : { name, kind: 'numeric', values: Float64Array.from(values, (value) => Number(value ?? Number.NaN)) };
  });
  return { rows, columns };
}

/** The area under the curve of two samples from one distribution, and its p. */
export function nullArea(random: Random): number {
  const shape = nullShapes['mixed tables, rows as a whole included'] as NullShape;
  return drawnDrift({ ...shape, rows: [60, 300] }, random).classifier?.p ?? 1;
}

export const seeded = (name: string): Random => randomOf(`null runs of data.drift, ${name}`);

/** Of a binomial number with chance α, all but one in 100,000 are no larger (α n + 4.27 standard deviations). */
export const mostAlarms = (alpha: number, runs: number): number =>
  Math.ceil(alpha * runs + 4.27 * Math.sqrt(alpha * (1 - alpha) * runs));
