import type { Random } from '@holdfast/statistics';
import type { Samples } from '../attacks/attack.ts';
import { ascend, type Ball, type Bounds, clip, project } from '../attacks/ball.ts';
import { randomStart } from '../attacks/gradient-ascent.ts';
import { rowsOf } from '../attacks/rows.ts';
import { samplesOf } from '../session-values.ts';
import { predictions } from '../victim.ts';
import { adam, type Optimiser } from './optimiser.ts';
import type { Trainable } from './trainable.ts';

export interface TrainOptions {
  readonly epochs: number;
  readonly batch: number;
  /** The learning rate at a point of the training, 0 to 1. */
  readonly rate: (progress: number) => number;
  readonly optimiser?: Optimiser;
  /** Trains on the worst that so many steps of PGD find in the ball (Madry et al., arXiv:1706.06083). */
  readonly adversary?: {
    readonly ball: Ball;
    readonly bounds: Bounds;
    readonly steps: number;
    readonly stepSize: number;
  };
}

/** What an epoch came to, on the samples as they were trained on. */
export interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
}

/**
 * Trains a model in place: `trainable.weights` change.
 * @param dims dimensions of a sample
 * @param random draws the order of the rows and the starts of the adversary: the same seed gives the same weights
 */
export async function train(
  trainable: Trainable,
  samples: Samples,
  dims: readonly number[],
  random: Random,
  options: TrainOptions,
  progress: (epoch: Epoch) => void = () => undefined,
): Promise<void> {
  const optimiser = options.optimiser ?? adam();
  const rows = [...samples.labels.keys()];
  const size = samples.x.length / rows.length;
  const batches = Math.ceil(rows.length / options.batch);
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    random.shuffle(rows);
    const sums = { loss: 0, right: 0 };
    for (let batch = 0; batch < batches; batch += 1) {
      const part = rowsOf(samples, rows.slice(batch * options.batch, (batch + 1) * options.batch), size);
      const x =
        options.adversary === undefined ? part.x : await worst(trainable, part, dims, random, options.adversary);
      const lesson = await trainable.lesson(samplesOf(x, dims), part.labels);
      const rate = options.rate((epoch * batches + batch) / (options.epochs * batches));
      optimiser.step(trainable.weights, lesson.gradients, part.labels.length, rate);
      sums.loss += lesson.loss.reduce((sum, each) => sum + each, 0);
      const classes = lesson.logits.length / part.labels.length;
      sums.right += predictions(lesson.logits, classes).filter((found, row) => found === part.labels[row]).length;
    }
    progress({ epoch: epoch + 1, loss: sums.loss / rows.length, accuracy: sums.right / rows.length });
  }
}

async function worst(
  trainable: Trainable,
  { x: origin, labels }: Samples,
  dims: readonly number[],
  random: Random,
  { ball, bounds, steps, stepSize }: NonNullable<TrainOptions['adversary']>,
): Promise<Float32Array> {
  const size = origin.length / labels.length;
  const x = randomStart(origin, size, { ball, bounds }, random);
  const lengths = new Float64Array(labels.length).fill(stepSize);
  for (let step = 0; step < steps; step += 1) {
    ascend(x, await trainable.inputGradient(samplesOf(x, dims), labels), ball.norm, lengths);
    project(x, origin, size, ball);
    clip(x, bounds);
  }
  return x;
}
