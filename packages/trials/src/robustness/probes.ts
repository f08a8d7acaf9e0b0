import type { Random } from '@holdfast/statistics';
import type { Samples, Threat } from '../attacks/attack.ts';
import { fastGradient, projectedGradient } from '../attacks/gradient-ascent.ts';
import { minimalDistances } from '../attacks/minimal-distances.ts';
import type { Victim } from '../victim.ts';
import { evaluate } from './evaluate.ts';
import type { RobustnessOptions } from './options.ts';

/** Radii of the curve, as multiples of the one that was asked for. */
export const multiples: readonly number[] = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 4];

/**
 * The radii at which projected gradient descent runs alone: the multiples, and last the length of a change of every
 * number by half of its range. With so much room a gradient leads anywhere.
 */
export function probedRadii({ ball, bounds }: RobustnessOptions, size: number): number[] {
  const half = (bounds.high - bounds.low) / 2;
  const widest = { linf: half, l2: half * Math.sqrt(size), l1: half * size }[ball.norm];
  return [...multiples.map((multiple) => multiple * ball.epsilon), widest];
}

/** Of each row whether an attack at a radius broke it, and how far it went; it survives JSON. */
export type Probed = readonly (number | null)[];

/** Projected gradient descent alone, at a radius of its own. */
export async function atRadius(
  victim: Victim,
  samples: Samples,
  threat: Threat,
  epsilon: number,
  random: Random,
): Promise<Probed> {
  // The margin does not saturate: far from the samples cross-entropy is 0 or 1 in float32, and leads nowhere.
  const attack = projectedGradient({ steps: 20, stepSize: epsilon / 4, loss: 'margin' });
  return probed(victim, samples, { ...threat, ball: { ...threat.ball, epsilon } }, attack, random);
}

/** One step of the size of the ball. */
export async function inOneStep(victim: Victim, samples: Samples, threat: Threat, random: Random): Promise<Probed> {
  return probed(victim, samples, threat, fastGradient, random);
}

async function probed(
  victim: Victim,
  samples: Samples,
  threat: Threat,
  attack: typeof fastGradient,
  random: Random,
): Promise<Probed> {
  const { outcomes } = await evaluate(victim, samples, threat, [{ name: 'probe', usesGradient: true, attack }], random);
  // float32 may round a change to a little more than its radius
  return outcomes.map(({ distance }) => (distance === undefined ? null : Math.min(distance, threat.ball.epsilon)));
}

/** The smallest change of each row that attacks without a radius find; null where there is none. */
export async function smallest(victim: Victim, samples: Samples, threat: Threat, random: Random): Promise<Probed> {
  const found = await minimalDistances(victim, samples, threat.bounds, threat.ball.norm, random);
  return [...found].map((distance) => (Number.isFinite(distance) ? distance : null));
}

/** Rows at which the gradient of the margin says nothing: it is zero everywhere, or no number. */
export async function blanks(victim: Victim, { x, labels }: Samples): Promise<boolean[]> {
  const { gradient } = await victim.lossGradient(x, labels, 'margin');
  return [...labels.keys()].map((row) => {
    const own = gradient.subarray(row * victim.size, (row + 1) * victim.size);
    return own.every((slope) => slope === 0 || Number.isNaN(slope));
  });
}
