import type { Random } from '@holdfast/statistics';
import type { Threat } from '../attacks/attack.ts';
import { ascend, clip, project } from '../attacks/ball.ts';
import { randomStart } from '../attacks/gradient-ascent.ts';
import type { Targets, Trainable } from './trainable.ts';

/** Who a model is trained against: what may be changed, in how many steps of what length. */
export interface Adversary extends Threat {
  readonly steps: number;
  readonly stepSize: number;
}

/**
 * The worst that the adversary finds around each row: it climbs cross-entropy against `targets`, from a start within the
 * ball. @param start where it begins; anywhere in the ball unless given
 */
export async function worstCase(
  trainable: Trainable,
  origin: Float32Array,
  targets: Targets,
  { steps, stepSize, ...threat }: Adversary,
  random: Random,
  start?: Float32Array,
): Promise<Float32Array> {
  const size = trainable.size;
  const x = start ?? randomStart(origin, size, threat, random);
  const lengths = new Float64Array(origin.length / size).fill(stepSize);
  for (let step = 0; step < steps; step += 1) {
    ascend(x, await trainable.inputGradient(x, targets), threat.ball.norm, lengths);
    project(x, origin, size, threat.ball);
    clip(x, threat.bounds);
  }
  return x;
}
