import type { Random } from '@holdfast/statistics';
import { marginsOf, predictions, type Victim } from '../victim.ts';
import type { Attack, Samples, Threat } from './attack.ts';
import { ascend, type Ball, clip, project } from './ball.ts';
import { deepFool } from './deepfool.ts';
import { rowsOf } from './rows.ts';

export interface UniversalOptions {
  /**
   * `gradient`: steps along the gradient of many samples (the stronger, and the faster); `deepfool`: DeepFool on one sample
   * after the other, as in the first paper. `gradient` unless given.
   */
  readonly over?: 'gradient' | 'deepfool';
  /** Times through all samples: 100 for `gradient`, 2 for `deepfool` unless given. */
  readonly passes?: number;
  /** Is content when it fools this share of the samples; 1 unless given. */
  readonly share?: number;
}

/**
 * One change for all samples. `deepfool`: for each sample that v does not fool yet, v becomes the projection of v and the
 * least that fools it, too (Moosavi-Dezfooli et al., arXiv:1610.08401, algorithm 1; ART 1.20.1 does as much). `gradient`:
 * v climbs Σ σ(margin / τ), margin = max over i ≠ y of zᵢ − z_y, by steps of a tenth of the radius that shrink linearly
 * (Shafahi et al., arXiv:1811.11304, algorithm 1, with a smooth count of what is fooled as the bounded loss).
 *
 * The change is that of the samples which are given together.
 * @example
 * ```ts
 * import { universal, type OnnxVictim, type Samples } from '@holdfast/trials';
 * import { randomOf } from '@holdfast/statistics';
 * declare const victim: OnnxVictim;
 * declare const samples: Samples;
 * const threat = { ball: { norm: 'linf', epsilon: 0.1 }, bounds: { low: 0, high: 1 } } as const;
 * const changed = await universal({ passes: 100 })(victim, samples, threat, randomOf(0));
 * ```
 */
export function universal(options: UniversalOptions = {}): Attack {
  return async (victim, samples, threat, random) =>
    added(samples.x, await universalPerturbation(victim, samples, threat, random, options), threat);
}

/** The change itself, [size]: that of the pass that fooled the most samples. */
export async function universalPerturbation(
  victim: Victim,
  samples: Samples,
  threat: Threat,
  random: Random,
  { over = 'gradient', passes = over === 'gradient' ? 100 : 2, share = 1 }: UniversalOptions = {},
): Promise<Float32Array> {
  const order = [...samples.labels.keys()];
  let change: Float32Array = new Float32Array(victim.size);
  let best = { change, fooled: await fooledBy(victim, samples, change, threat) };
  for (let pass = 0; pass < passes && best.fooled < share * order.length; pass += 1) {
    random.shuffle(order);
    change =
      over === 'deepfool'
        ? await oneByOne(victim, rowsOf(samples, order, victim.size), change, threat, random)
        : await inBatches(victim, rowsOf(samples, order, victim.size), change, threat, 1 - pass / passes);
    const fooled = await fooledBy(victim, samples, change, threat);
    if (fooled > best.fooled) best = { change, fooled };
  }
  return best.change;
}

/** Rows that go through the model at once. */
const batchRows = 256;

function* batches({ x, labels }: Samples, size: number): Generator<Samples> {
  for (let row = 0; row < labels.length; row += batchRows) {
    const end = Math.min(row + batchRows, labels.length);
    yield { x: x.subarray(row * size, end * size), labels: labels.subarray(row, end) };
  }
}

async function fooledBy(victim: Victim, samples: Samples, change: Float32Array, threat: Threat): Promise<number> {
  let count = 0;
  for (const { x, labels } of batches(samples, victim.size)) {
    const found = await victim.classify(added(x, change, threat));
    count += labels.filter((label, row) => found[row] !== label).length;
  }
  return count;
}

function added(x: Float32Array, change: Float32Array, { bounds }: Threat): Float32Array {
  const sum = x.map((value, index) => value + (change[index % change.length] as number));
  clip(sum, bounds);
  return sum;
}

async function inBatches(
  victim: Victim,
  samples: Samples,
  change: Float32Array,
  threat: Threat,
  left: number,
): Promise<Float32Array> {
  const { ball } = threat;
  const next = change.slice();
  for (const { x, labels } of batches(samples, victim.size)) {
    const { logits, gradient } = await victim.lossGradient(added(x, next, threat), labels, 'margin');
    const weights = slopes(marginsOf(logits, labels, victim.classes));
    const sum = new Float32Array(victim.size);
    for (let at = 0; at < gradient.length; at += 1) {
      const index = at % victim.size;
      sum[index] = (sum[index] as number) + (weights[(at - index) / victim.size] as number) * (gradient[at] as number);
    }
    ascend(next, sum, ball.norm, Float64Array.of(0.1 * ball.epsilon * left));
    inBall(next, ball);
  }
  return next;
}

/** σ′(margin / τ), up to a factor, τ half of the mean |margin|: rows far from the boundary, on either side, count for little. */
function slopes(margins: Float64Array): Float64Array {
  const scale = margins.reduce((sum, each) => sum + Math.abs(each), 0) / margins.length / 2 || 1;
  return margins.map((margin) => 1 / Math.cosh(margin / scale / 2) ** 2);
}

async function oneByOne(
  victim: Victim,
  samples: Samples,
  change: Float32Array,
  threat: Threat,
  random: Random,
): Promise<Float32Array> {
  const attack = deepFool({ norm: 'l2' });
  const wide = { ...threat, bounds: { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY } };
  let now = change;
  for (const row of samples.labels.keys()) {
    const one = rowsOf(samples, [row], victim.size);
    const moved = one.x.map((value, index) => value + (now[index] as number));
    const before = predictions(await victim.logits(moved), victim.classes)[0];
    if (before !== one.labels[0]) continue;
    const fooling = await attack(victim, { x: moved, labels: one.labels }, wide, random);
    const after = predictions(await victim.logits(fooling), victim.classes)[0];
    if (after === before) continue;
    now = fooling.map((value, index) => value - (one.x[index] as number));
    inBall(now, threat.ball);
  }
  return now;
}

function inBall(change: Float32Array, ball: Ball): void {
  project(change, new Float32Array(change.length), change.length, ball);
}
