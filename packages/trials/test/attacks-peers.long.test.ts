import { describe, expect, it } from 'vitest';
import { carliniWagner } from '../src/attacks/carlini-wagner.ts';
import { deepFool } from '../src/attacks/deepfool.ts';
import { projectedGradient } from '../src/attacks/gradient-ascent.ts';
import { hopSkipJump } from '../src/attacks/hop-skip-jump.ts';
import { universal } from '../src/attacks/universal.ts';
import { alike, balls, digitModels, digits, median, outcomeOf, peer, victimOf } from './attacks-scene.ts';

/** Half a point, or one row where there are fewer than 200. */
const slack = (rows: number): number => Math.max(0.005, 1 / rows) + 1e-9;

describe.each(digitModels)('all rows that were recorded: %s', { timeout: 1_800_000 }, (model, file) => {
  it.each(['l2', 'linf'] as const)('DeepFool of Foolbox in %s', async (norm) => {
    const theirs = peer(model, 'foolbox.deepfool', balls[norm]);
    const victim = await victimOf(file);
    const ours = await outcomeOf(victim, deepFool(), digits(theirs.rows), balls[norm]);
    await victim.release();
    expect(Math.abs(ours.medianNorm / theirs.medianNorm - 1)).toBeLessThan(0.01);
    expect(Math.abs(ours.robust - theirs.robust)).toBeLessThanOrEqual(slack(theirs.rows));
    expect(alike(ours.norms, theirs.norms ?? [], 1e-3)).toBeGreaterThanOrEqual(0.97 * theirs.rows);
  });

  it.each(['l2', 'linf'] as const)('PGD of ART and Foolbox in %s', async (norm) => {
    const ball = balls[norm];
    const attack = projectedGradient({ steps: 40, stepSize: (2.5 * ball.epsilon) / 40 });
    const victim = await victimOf(file);
    for (const name of ['art.pgd', 'foolbox.pgd']) {
      const { robust, rows } = peer(model, name, ball);
      const ours = await outcomeOf(victim, attack, digits(rows), ball);
      // One random start: from seed to seed it is up to two points on the transformer.
      // In L2 our random starts are nearer to the sample than theirs, which lie at the rim of the ball, and one to two and
      // a half points more fall; from starts at the rim it is as many as theirs.
      expect(ours.robust - robust, `${name}: ${ours.robust}, ${robust}`).toBeLessThanOrEqual(0.01);
      expect(ours.robust - robust, `${name}: ${ours.robust}, ${robust}`).toBeGreaterThan(norm === 'l2' ? -0.04 : -0.01);
    }
    await victim.release();
  });

  it('C&W of Foolbox with 1,000 steps', async () => {
    const theirs = peer(model, 'foolbox.carlini', balls.l2);
    const victim = await victimOf(file);
    const ours = await outcomeOf(victim, carliniWagner({ steps: 1000 }), digits(theirs.rows), balls.l2);
    await victim.release();
    expect(Math.abs(ours.medianNorm / theirs.medianNorm - 1)).toBeLessThan(0.01);
    expect(Math.abs(ours.robust - theirs.robust)).toBeLessThanOrEqual(slack(theirs.rows));
  });

  it.each(['l2', 'linf'] as const)('HopSkipJump of ART in %s, or nearer', async (norm) => {
    const theirs = peer(model, 'art.hop-skip-jump', balls[norm]);
    const victim = await victimOf(file);
    const attack = hopSkipJump({ iterations: 20, mostQuestions: 1000 });
    const ours = await outcomeOf(victim, attack, digits(theirs.rows), balls[norm]);
    await victim.release();
    const ratios = (theirs.norms ?? []).flatMap((norm, row) =>
      norm === null || norm === 0 ? [] : [(ours.norms[row] ?? 9) / norm],
    );
    expect(median(ratios)).toBeLessThan(1);
    expect(ours.medianNorm).toBeLessThanOrEqual(theirs.medianNorm);
    expect(ours.robust).toBeLessThanOrEqual(theirs.robust);
  });

  it('universal perturbation of ART, or more rows', async () => {
    const { robust, rows } = peer(model, 'art.universal', balls.linf);
    const victim = await victimOf(file);
    const ours = await outcomeOf(victim, universal(), digits(rows), balls.linf);
    await victim.release();
    expect(ours.robust).toBeLessThanOrEqual(robust + 0.005);
  });
});
