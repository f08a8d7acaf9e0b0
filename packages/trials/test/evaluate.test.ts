import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import type { Attack } from '../src/attacks/attack.ts';
import { evaluate } from '../src/robustness/evaluate.ts';
import { robustnessOptions } from '../src/robustness/options.ts';
import { byClass, robustnessReport, type TrialResult } from '../src/robustness/report.ts';
import { robustnessRules } from '../src/robustness/rules.ts';
import type { Victim } from '../src/victim.ts';

/** Class 1 where the only number is above 0.5; NaN where it is above 0.9, or none. */
const threshold: Victim = {
  ...{ dims: [1], size: 1, classes: 2, spent: { forward: 0, backward: 0 } },
  classify: async (x) => Promise.resolve(Int32Array.from(x, (each) => (each <= 0.5 ? 0 : each <= 0.9 ? 1 : -1))),
  logits: async (x) => Promise.resolve(Float32Array.from([...x].flatMap((each) => [0.5 - each, each - 0.5]))),
  lossGradient: async () => Promise.reject(new Error('not asked for')),
  pullback: async () => Promise.reject(new Error('not asked for')),
};
const threat = { ball: { norm: 'linf', epsilon: 0.1 }, bounds: { low: 0, high: 1 } } as const;
const to =
  (...values: number[]): Attack =>
  async () =>
    Promise.resolve(Float32Array.from(values));
const member = (name: string, attack: Attack, usesGradient = true) => ({ name, usesGradient, attack });

async function outcome(x: readonly number[], labels: readonly number[], ...attacks: Attack[]) {
  const samples = { x: Float32Array.from(x), labels: Int32Array.from(labels) };
  return evaluate(
    threshold,
    samples,
    threat,
    attacks.map((each, index) => member(`a${index}`, each)),
    randomOf(0),
  );
}

describe('no attack is believed', () => {
  it('a change within the threat that the file gets wrong counts', async () => {
    const { outcomes, adversarial, members } = await outcome([0.45, 0.2], [0, 0], to(0.52, 0.25));
    expect(outcomes).toEqual([
      { clean: 0, brokenBy: 'a0', became: 1, distance: expect.closeTo(0.07, 5) },
      { clean: 0 },
    ]);
    expect([...adversarial]).toEqual([expect.closeTo(0.52, 6), expect.closeTo(0.2, 6)]);
    expect(members).toEqual([{ name: 'a0', usesGradient: true, tried: 2, broke: 1 }]);
  });

  it.each([
    ['farther than the radius', 1, 0.6],
    ['beyond the bounds', 0.5, 0.52],
    ['no number', 1, Number.NaN],
  ])('a change that is %s does not, though the file gets it wrong', async (_, high, changed) => {
    const samples = { x: Float32Array.of(0.45), labels: Int32Array.of(0) };
    expect((await threshold.classify(Float32Array.of(changed)))[0]).not.toBe(0);
    const within = { ...threat, bounds: { low: 0, high } };
    const { outcomes } = await evaluate(threshold, samples, within, [member('a', to(changed))], randomOf(0));
    expect(outcomes).toEqual([{ clean: 0 }]);
  });

  it('rows that are wrong from the start, or broken, are not tried again', async () => {
    const { outcomes, members } = await outcome([0.7, 0.45], [0, 0], to(0.55), to(0.55));
    expect(members.map(({ tried, broke }) => [tried, broke])).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(outcomes[0]).toEqual({ clean: 1 });
  });
});

describe('the report', () => {
  const options = robustnessOptions({ data: 'd.npz', epsilon: 0.1 });
  const labels = Int32Array.from({ length: 40 }, (_, row) => row % 2);
  const result = (broken: readonly number[], more: Partial<TrialResult> = {}): TrialResult => ({
    ...{
      options,
      labels,
      dataDigest: 'sha256:ab',
      total: 40,
      curve: [{ epsilon: 0.4, accuracy: 0 }],
      widest: { epsilon: 0.5, accuracy: 0 },
    },
    evaluation: {
      outcomes: Array.from(labels, (clean, row) =>
        broken.includes(row) ? { clean, brokenBy: 'a0', became: 1 - clean } : { clean },
      ),
      adversarial: new Float32Array(),
      members: [{ name: 'a0', usesGradient: true, tried: 40, broke: broken.length }],
    },
    ...more,
  });

  it('counts what withstood', () => {
    const { verdict, metrics } = robustnessReport(result([0, 1, 2, 3]));
    expect(verdict).toBe('pass');
    expect(metrics).toMatchObject({ rows: 40, clean_accuracy: 1, robust_accuracy: 0.9 });
    // Clopper–Pearson of 36 in 40, as scipy.stats.binomtest 1.17.1 has it, or Wilson, which lies within
    expect(metrics['robust_accuracy_low']).toBeGreaterThan(0.76);
    expect(metrics['robust_accuracy_high']).toBeLessThan(0.98);
    expect(byClass(labels, result([0, 2, 4]).evaluation)[0]).toEqual({ label: 0, rows: 20, right: 20, withstood: 17 });
  });

  it('names a class that withstands far less', () => {
    const { findings } = robustnessReport(result(Array.from({ length: 20 }, (_, index) => 2 * index)));
    expect(findings.map(({ rule }) => rule)).toContain('trial.robustness.class');
  });

  it('doubts a model that only hides its gradient', () => {
    const { evaluation } = result([0, 1, 2, 3]);
    const members = [{ name: 'square', usesGradient: false, tried: 40, broke: 4 }];
    const blind = robustnessReport(result([], { evaluation: { ...evaluation, members } }));
    expect([blind.verdict, blind.findings.map(({ rule }) => rule)]).toEqual([
      'warn',
      ['trial.robustness.data', 'trial.robustness.masking'],
    ]);
    const level = robustnessReport(result([], { widest: { epsilon: 0.5, accuracy: 0.5 } }));
    expect(level.verdict).toBe('warn');
  });

  it('doubts a model of which AutoAttack would warn', () => {
    const rule = robustnessRules.randomised;
    const signs = [{ rule: rule.id, severity: rule.severity, message: 'five runs differ', fix: rule.fix }];
    const { verdict, findings } = robustnessReport(result([], { signs }));
    expect([verdict, findings[1]]).toEqual(['warn', signs[0]]);
    const low = { ...signs[0]!, rule: robustnessRules.flat.id };
    expect(robustnessReport(result([], { signs: [low] })).verdict).toBe('pass');
  });

  it('doubts a model of which Square breaks anything worth the name after the rest of AutoAttack', () => {
    const { evaluation } = result([0]);
    const members = [{ name: 'square', usesGradient: false, tried: 40, broke: 1 }];
    const after = { evaluation: { ...evaluation, members } };
    expect(robustnessReport(result([], after)).verdict).toBe('pass');
    const standard = robustnessOptions({ data: 'd.npz', epsilon: 0.1, suite: 'standard' });
    expect(robustnessReport(result([], { ...after, options: standard })).verdict).toBe('warn');
  });

  it('fails a model that gives NaN', () => {
    const { evaluation } = result([]);
    const outcomes = evaluation.outcomes.map((each, row) => (row === 7 ? { clean: -1 } : each));
    const { verdict, metrics } = robustnessReport(result([], { evaluation: { ...evaluation, outcomes } }));
    expect([verdict, metrics['clean_accuracy']]).toEqual(['fail', 39 / 40]);
  });
});
