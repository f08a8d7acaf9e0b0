import { type AdjustmentMethod, adjustP } from '@holdfast/statistics';
import type { ColumnDrift, ShareChange, Test } from './column-drift.ts';
import type { Drift } from './drift-of.ts';
import { type Correction, type LeastEffects, leastEffects } from './options.ts';

/**
 * What a change amounts to: `drifted` is no accident and as large as was asked for; `small` at least half as large; `tiny` smaller
 * still, seen only because there are many rows; `same` may be an accident.
 */
export type Standing = 'drifted' | 'small' | 'tiny' | 'same';

/** How large a change is, and how large it has to be. */
export interface Effect {
  readonly name: keyof LeastEffects;
  readonly size: number;
  readonly least: number;
}

export interface Judged {
  /** The name of a column; of rows as a whole, nothing. */
  readonly column?: string;
  readonly about: 'values' | 'missing' | 'infinite' | 'joint';
  readonly standing: Standing;
  /** The test that says so most clearly, and its p after the adjustment. */
  readonly test?: Test & { readonly adjusted: number };
  /** Of its effects the one that is largest beside what was asked for. */
  readonly effect?: Effect;
}

const methods: Readonly<Record<Correction, AdjustmentMethod>> = {
  ...{ holm: 'holm', bonferroni: 'bonferroni', bh: 'benjamini-hochberg', by: 'benjamini-yekutieli' },
};

interface JudgeOptions {
  readonly alpha: number;
  readonly correction: Correction;
  readonly minEffect?: Partial<LeastEffects>;
}

/** Adjusts the p-values of all tests together, and holds effects against what was asked for. */
export function judge(drift: Drift, { alpha, correction, minEffect }: JudgeOptions): Judged[] {
  const least = { ...leastEffects, ...minEffect };
  const asked = [...drift.columns.flatMap((column) => ofColumn(column, least)), ...ofRows(drift, least)];
  const ps = asked.flatMap(({ tests }) => tests.map(({ p }) => p));
  const adjusted = ps.length === 0 ? [] : [...adjustP(methods[correction], ps)];
  let at = 0;
  return asked.map(({ tests, effects, ...about }) => {
    const made = tests.map((test) => ({ ...test, adjusted: adjusted[at++] ?? 1 }));
    const test = first(made, (one, other) => one.adjusted - other.adjusted || one.p - other.p);
    const effect = first(effects, (one, other) => other.size / other.least - one.size / one.least);
    const isSeen = test !== undefined && test.adjusted <= alpha;
    const standing = isSeen ? standingOf(effect) : 'same';
    return { ...about, standing, ...(test === undefined ? {} : { test }), ...(effect === undefined ? {} : { effect }) };
  });
}

const first = <Each>(all: readonly Each[], order: (one: Each, other: Each) => number): Each | undefined =>
  all.toSorted(order)[0];

function standingOf(effect: Effect | undefined): Standing {
  const part = effect === undefined ? 0 : effect.size / effect.least;
  if (part >= 1) return 'drifted';
  return part >= 0.5 ? 'small' : 'tiny';
}

interface Asked extends Pick<Judged, 'column' | 'about'> {
  readonly tests: readonly Test[];
  readonly effects: readonly Effect[];
}

function ofColumn(column: ColumnDrift, least: LeastEffects): Asked[] {
  const { name, tests, effects, missing, infinite } = column;
  const sizes = { psi: effects['psi'], cliffsDelta: effects['cliffs_delta'], cramersV: effects['cramers_v'] };
  const known = Object.entries(sizes).flatMap(([measure, size]) => {
    const named = measure as keyof typeof sizes;
    return size === undefined ? [] : [{ name: named, size: Math.abs(size), least: least[named] }];
  });
  return [
    ...(tests.length === 0 ? [] : [{ column: name, about: 'values' as const, tests, effects: known }]),
    ...ofShare(name, 'missing', missing, least),
    ...ofShare(name, 'infinite', infinite, least),
  ];
}

function ofShare(
  column: string,
  about: 'missing' | 'infinite',
  change: ShareChange | undefined,
  least: LeastEffects,
): Asked[] {
  if (change === undefined) return [];
  const { effect, p } = change;
  return [
    {
      ...{ column, about, tests: [{ name: 'two-proportion', statistic: effect, p }] },
      effects: [{ name: 'missing', size: Math.abs(effect), least: least.missing }],
    },
  ];
}

/** Of what two samples of rows differ in, the area under the curve is the size; the discrepancy has none of its own. */
function ofRows({ discrepancy, classifier }: Drift, least: LeastEffects): Asked[] {
  const tests = [
    ...(discrepancy === undefined ? [] : [{ name: 'maximum mean discrepancy', ...discrepancy }]),
    ...(classifier === undefined ? [] : [{ name: 'domain classifier', statistic: classifier.auc, p: classifier.p }]),
  ];
  if (tests.length === 0) return [];
  const area =
    classifier === undefined ? [] : [{ name: 'auc' as const, size: classifier.auc - 0.5, least: least.auc - 0.5 }];
  return [{ about: 'joint', tests, effects: area }];
}
