import { clip } from '../../attacks/ball.ts';
import { type Adversary, worstCase } from '../adversary.ts';
import { type Lesson, oneHot } from '../trainable.ts';
import { trades as tradesLoss } from '../training-loss.ts';
import type { Method } from './method.ts';

/**
 * TRADES (Zhang et al., arXiv:1901.08573, algorithm 1): the adversary makes what the model says of the changed row as
 * unlike as it can (KL divergence) from what it says of the row; that divergence is trained down, beside cross-entropy
 * of the row as it is. It begins 0.001·N(0, 1) away from the row.
 * @param beta 1/λ of the paper: how much withstanding counts against being right
 */
export function trades(adversary: Adversary, beta = 6): Method {
  return {
    loss: tradesLoss(beta),
    teach: async (trainable, { x, labels }, random) => {
      const start = x.map((value) => value + 0.001 * random.normal());
      clip(start, adversary.bounds);
      const said = softmax(await trainable.logits(x), trainable.classes);
      const changed = await worstCase(trainable, x, said, adversary, random, start);
      const targets = oneHot(labels, trainable.classes);
      const lesson = await trainable.lesson(joined(x, changed), joined(targets, targets));
      return ofSamples(lesson, labels.length);
    },
  };
}

/** The loss of a row is that of both of its forms, and what counts as its answer is that to the changed one. */
function ofSamples({ loss, logits, gradients }: Lesson, rows: number): Lesson {
  const sums = loss.slice(0, rows).map((value, row) => value + (loss[row + rows] as number));
  return { loss: sums, logits: logits.slice(logits.length / 2), gradients };
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** exp(z − max)/Σ of each row. */
export function softmax(logits: Float32Array, classes: number): Float32Array {
  const result = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const highest = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const powers = Float64Array.from(row, (value) => Math.exp(value - highest));
    const total = powers.reduce((sum, value) => sum + value, 0);
    for (const [index, value] of powers.entries()) result[start + index] = value / total;
  }
  return result;
}
