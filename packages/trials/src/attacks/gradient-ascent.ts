import type { Random } from '@holdfast/statistics';
import type { LossName } from '../gradient/losses.ts';
import { predictions, type Victim } from '../victim.ts';
import type { Attack, Samples, Threat } from './attack.ts';
import { ascend, clip, normOf, project } from './ball.ts';
import { copyRow } from './rows.ts';

export interface AscentOptions {
  readonly steps: number;
  /** The length of a step, in the units of the input. */
  readonly stepSize: number;
  readonly loss?: LossName;
  /** Begins anywhere in the ball instead of at the sample. */
  readonly randomStart?: boolean;
  /** Decay of the gradients before (MIM); none unless given. */
  readonly momentum?: number;
  /** Begins so many times, and keeps the first success of each row. */
  readonly restarts?: number;
}

/** One step of the size of the ball: FGSM for L∞ (Goodfellow et al., arXiv:1412.6572), FGM for L2 and L1. */
export const fastGradient: Attack = async (victim, samples, threat, random) =>
  ascent(victim, samples, threat, random, { steps: 1, stepSize: threat.ball.epsilon });

/** Many small steps from the sample (Kurakin et al., arXiv:1607.02533). */
export function basicIterative(steps: number, stepSize: number): Attack {
  return async (victim, samples, threat, random) => ascent(victim, samples, threat, random, { steps, stepSize });
}

/** Many small steps from random places of the ball (Madry et al., arXiv:1706.06083). */
export function projectedGradient(options: AscentOptions): Attack {
  return async (victim, samples, threat, random) =>
    ascent(victim, samples, threat, random, { randomStart: true, ...options });
}

/** Steps along the decaying sum of gradients, each scaled to L1 norm 1 (Dong et al., arXiv:1710.06081). */
export function momentumIterative(steps: number, stepSize: number, momentum = 1): Attack {
  return async (victim, samples, threat, random) =>
    ascent(victim, samples, threat, random, { steps, stepSize, momentum });
}

async function ascent(
  victim: Victim,
  samples: Samples,
  threat: Threat,
  random: Random,
  options: AscentOptions,
): Promise<Float32Array> {
  const best = samples.x.slice();
  const broken = new Set<number>();
  for (let restart = 0; restart < (options.restarts ?? 1); restart += 1) {
    const x = await climb(victim, samples, threat, random, options);
    const found = predictions(await victim.logits(x), victim.classes);
    for (const [row, label] of samples.labels.entries()) {
      if (broken.has(row)) continue;
      if (found[row] !== label) broken.add(row);
      if (restart === 0 || found[row] !== label) copyRow(best, x, row, victim.size);
    }
  }
  return best;
}

async function climb(
  victim: Victim,
  { x: origin, labels }: Samples,
  threat: Threat,
  random: Random,
  options: AscentOptions,
): Promise<Float32Array> {
  const { ball, bounds } = threat;
  const x = options.randomStart === true ? randomStart(origin, victim.size, threat, random) : origin.slice();
  const lengths = new Float64Array(labels.length).fill(options.stepSize);
  const memory = options.momentum === undefined ? undefined : new Float32Array(x.length);
  for (let step = 0; step < options.steps; step += 1) {
    const { gradient } = await victim.lossGradient(x, labels, options.loss ?? 'cross-entropy');
    const direction =
      memory === undefined ? gradient : remembered(memory, gradient, victim.size, options.momentum ?? 0);
    ascend(x, direction, ball.norm, lengths);
    // first the bounds, as ART has it: in L2 and L1 what they cut off is left for other numbers to change
    if (ball.norm !== 'linf') clip(x, bounds);
    project(x, origin, victim.size, ball);
    clip(x, bounds);
  }
  return x;
}

function remembered(memory: Float32Array, gradient: Float32Array, size: number, decay: number): Float32Array {
  for (let row = 0; row < memory.length / size; row += 1) {
    const length = normOf(gradient, row, size, 'l1') || 1;
    for (let index = row * size; index < (row + 1) * size; index += 1) {
      memory[index] = decay * (memory[index] as number) + (gradient[index] as number) / length;
    }
  }
  return memory;
}

/** Uniform in the cube for L∞; for L2 and L1 a random direction with a uniform length. */
export function randomStart(
  origin: Float32Array,
  size: number,
  { ball, bounds }: Threat,
  random: Random,
): Float32Array {
  const x = new Float32Array(origin.length);
  const { norm, epsilon } = ball;
  for (let index = 0; index < x.length; index += 1) {
    x[index] = norm === 'linf' ? (2 * random.uniform() - 1) * epsilon : random.normal();
  }
  for (let row = 0; row < x.length / size; row += 1) {
    const scale = norm === 'linf' ? 1 : (random.uniform() * epsilon) / normOf(x, row, size, norm);
    for (let index = row * size; index < (row + 1) * size; index += 1) {
      x[index] = (origin[index] as number) + scale * (x[index] as number);
    }
  }
  clip(x, bounds);
  return x;
}
