import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import type { Attack } from '../src/attacks/attack.ts';
import { evaluate } from '../src/robustness/evaluate.ts';
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
