import type { Rule } from '@holdfast/evidence/check';
import { describe, expect, it, test } from 'vitest';
import { byClass } from '../src/robustness/by-class.ts';
import { curveOf, medianMinimalChange } from '../src/robustness/curve.ts';
import { robustnessOptions } from '../src/robustness/options.ts';
import { robustnessReport } from '../src/robustness/report.ts';
import type { RowResult } from '../src/robustness/row-result.ts';
import { robustnessRules } from '../src/robustness/rules.ts';
import type { TrialResult } from '../src/robustness/trial-result.ts';
import { resultOf } from './trial-scene.ts';

const broken = (row: number): Partial<RowResult> => ({
  ...{ brokenBy: 'steep', became: 1 - (row % 2), distance: 0.1, least: 0.1 },
});
/** Of a count of rows, the first ones broken. */
const firstBroken = (count: number) => resultOf((row) => (row < count ? broken(row) : {}));
const messages = (result: TrialResult, rule = 'masking'): string[] =>
  robustnessReport(result)
    .findings.filter((finding) => finding.rule === `trial.robustness.${rule}`)
    .map(({ message }) => message);

describe('the report of a trial', () => {
  it('counts what withstood, with intervals', () => {
    const { verdict, metrics, coverage } = robustnessReport(firstBroken(4));
    expect(verdict).toBe('pass');
    expect(metrics).toMatchObject({ rows: 40, clean_accuracy: 1, robust_accuracy: 0.9, linf_epsilon: 0.1 });
    // Clopper–Pearson of 36 in 40 (scipy.stats.binomtest 1.17.1) is 0.763 to 0.972; Wilson lies within
    expect(metrics['robust_accuracy_low']).toBeGreaterThan(0.76);
    expect(metrics['robust_accuracy_high']).toBeLessThan(0.975);
    expect(coverage).toEqual({ examined: 40, total: 40, left: [] });
  });

  it('says everything that the numbers depend on', () => {
    const [told = ''] = messages(firstBroken(0), 'data');
    for (const part of [
      '40 of 40 rows of `d.npz` (sha256:bb)',
      'linf of 0.1',
      'seed 0',
      'ONNX Runtime 1',
      '1 thread',
    ]) {
      expect(told).toContain(part);
    }
  });

  it('counts classes, the least robust first, and what they are taken for', () => {
    const { rows } = resultOf((row) => (row === 0 || row === 2 ? { ...broken(row), became: 5 } : {}));
    expect(byClass(rows)).toEqual([
      { label: 0, rows: 20, right: 20, withstood: 18, mistakenFor: 5 },
      { label: 1, rows: 20, right: 20, withstood: 20 },
    ]);
  });

  it('names a class that withstands far less', () => {
    expect(
      messages(
        resultOf((row) => (row % 2 === 0 ? broken(row) : {})),
        'class',
      ),
    ).toEqual(['of class 0, 0 of 20 rows withstand; of all, 50 %']);
  });

  it('fails a model that gives NaN, and says where', () => {
    const result = resultOf((row) => (row === 7 ? { clean: -1 } : {}));
    const { verdict, metrics } = robustnessReport(result);
    expect([verdict, metrics['clean_accuracy']]).toEqual(['fail', 39 / 40]);
    expect(messages(result, 'numbers')).toEqual(['the outputs of 1 rows are NaN: row 7']);
  });

  it('doubts what could only be attacked without a gradient', () => {
    const members = [{ name: 'blind', usesGradient: false }];
    const bare = (): Partial<RowResult> => ({ at: [] });
    const result = resultOf(bare, { radii: [], members });
    expect(robustnessReport(result).verdict).toBe('warn');
    expect(messages(result, 'blind')).toEqual([
      'the model has no gradient: only `blind` ran, and it may be far less robust than it looks',
    ]);
    expect(messages(result)).toEqual([]);
  });

  it('knows nothing of what did not finish', () => {
    const some = firstBroken(4).rows.slice(0, 10);
    const interrupted = robustnessReport(resultOf(() => ({}), { rows: some, isInterrupted: true }));
    expect(interrupted).toMatchObject({
      verdict: 'unknown',
      coverage: { examined: 10, total: 40, left: ['the trial was interrupted: 30 of 40 rows were not attacked'] },
    });
    const nothing = robustnessReport(resultOf(() => ({}), { rows: [], isInterrupted: true }));
    expect(nothing).toMatchObject({ verdict: 'unknown', metrics: { rows: 0 }, figures: [] });
    const shard = robustnessReport(resultOf(() => ({}), { rows: some, shard: { index: 2, of: 4 } }));
    expect(shard.coverage.left).toEqual(['this is shard 2/4: 30 of 40 rows are in the others']);
    expect(shard.verdict).toBe('unknown');
  });
});

describe('the curve', () => {
  it('is the share of rows without a change of that length, and never rises', () => {
    // row r breaks at r/100, so that below ε there are as many as ε has hundredths
    const result = resultOf((row) => (row === 39 ? { clean: 0 } : { least: (row + 1) / 100 }));
    const points = curveOf(result);
    expect(points).toHaveLength(33);
    expect(points[0]).toMatchObject({ epsilon: 0, accuracy: 39 / 40 });
    const at = (epsilon: number) => points.find((point) => Math.abs(point.epsilon - epsilon) < 1e-12)?.accuracy;
    expect([at(0.1), at(0.2), at(0.4)]).toEqual([29 / 40, 19 / 40, 0]);
    for (const [place, { accuracy, low, high }] of points.entries()) {
      expect(accuracy).toBeLessThanOrEqual(points[place - 1]?.accuracy ?? 1);
      expect(low <= accuracy && accuracy <= high).toBe(true);
    }
  });

  it('has a median over what is right', () => {
    const { rows } = resultOf((row) => (row === 0 ? { clean: 1 } : row < 26 ? { least: row } : {}));
    // of 39 rows that are right the twentieth
    expect(medianMinimalChange(rows)).toBe(20);
    expect(medianMinimalChange(rows.slice(0, 25))).toBe(12.5);
    expect(medianMinimalChange(rows.slice(20))).toBeUndefined();
    expect(medianMinimalChange([])).toBeUndefined();
  });
});

test('what other attacks than the suite broke is told, and not counted', () => {
  const result = resultOf((row) => (row < 2 ? { least: 0.1 } : row < 4 ? { least: 0.11 } : {}));
  expect(messages(result, 'missed')).toEqual([
    'the suite left 2 rows for which other attacks found a change within ε: 38 of 40 withstand all of them',
  ]);
  expect(robustnessReport(result)).toMatchObject({ verdict: 'pass', metrics: { robust_accuracy: 1 } });
});

describe('signs that gradients mislead', () => {
  test('none where everything is as it should be', () => {
    expect(messages(firstBroken(20))).toEqual([]);
    expect(robustnessReport(firstBroken(20)).verdict).toBe('pass');
  });

  const with3 = (some: Partial<RowResult>) => resultOf((row) => (row < 3 ? some : {}));
  const calm = Array.from({ length: 9 }, () => false);
  test.each([
    [
      'an attack without a gradient finds what others left',
      with3({ brokenBy: 'blind', became: 1, distance: 0.1 }),
      '`blind`, which needs no gradient, broke 3 of the 40 rows that attacks with gradients had left',
    ],
    [
      'room does not help',
      with3({ at: [...calm.slice(1), false] }),
      'room does not help: where every number may change by half of its range, 3 rows withstand still',
    ],
    [
      'one step is better than many',
      with3({ oneStep: true }),
      'a single step breaks 3 rows that 20 smaller ones do not; the other way round it is 0',
    ],
    [
      'gradients are zero',
      with3({ blank: true }),
      'the gradient is zero, or no number, at 3 of the 40 rows that are right',
    ],
    [
      'more room is worse',
      with3({ at: [false, false, false, true, false, false, false, true, true] }),
      'more room is worse: 3 rows break at ε = 0.1, and 0 at ε = 0.125',
    ],
    [
      'smaller changes than the suite found',
      with3({ least: 0.05 }),
      '3 rows that every attack of the suite left have smaller changes that break them',
    ],
  ])('%s', (_, result, sign) => {
    expect(messages(result)).toContain(sign);
    expect(robustnessReport(result).verdict).toBe('warn');
  });

  test('what an attack that was asked for alone leaves says nothing about the model', () => {
    const result = with3({ least: 0.05 });
    const alone = { ...result, options: { ...result.options, attack: ['fgsm' as const] } };
    expect(messages(alone).join()).not.toContain('every attack of the suite');
  });

  test.each([
    { oneStep: true },
    { blank: true },
    { least: 0.05 },
    { at: [false, false, false, true, false, false, false, true, true] },
  ])('not in two rows: %o', (some) => {
    expect(messages(resultOf((row) => (row < 2 ? some : {})))).toEqual([]);
  });

  test('after the rest of AutoAttack one row is enough', () => {
    const broken = (row: number): Partial<RowResult> =>
      row === 0 ? { brokenBy: 'blind', became: 1, distance: 0.1 } : {};
    expect(messages(resultOf(broken))).toEqual([]);
    const options = robustnessOptions({ data: 'd.npz', norm: 'linf', epsilon: 0.1, suite: 'standard' });
    expect(messages(resultOf(broken, { options }))).toHaveLength(1);
  });

  test('as AutoAttack would warn of them are doubts, but for a flat start', () => {
    const sign = ({ id, severity, fix }: Rule) => ({ rule: id, severity, message: 'five runs differ', fix });
    const signs = [sign(robustnessRules.randomised)];
    const { verdict, findings } = robustnessReport(resultOf(() => ({}), { signs }));
    expect([verdict, findings[1]]).toEqual(['warn', signs[0]]);
    expect(robustnessReport(resultOf(() => ({}), { signs: [sign(robustnessRules.flat)] })).verdict).toBe('pass');
  });

  test('an attack without a gradient that comes first has nothing to show', () => {
    const members = [
      { name: 'blind', usesGradient: false },
      { name: 'steep', usesGradient: true },
    ];
    const result = resultOf((row) => (row < 9 ? { brokenBy: 'blind', became: 1, distance: 0.1 } : {}), { members });
    expect(messages(result)).toEqual([]);
  });
});
