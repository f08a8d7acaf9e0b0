import type { Random } from '@holdfast/statistics';
import type { Samples, Threat } from '../attacks/attack.ts';
import { rowsOf } from '../attacks/rows.ts';
import { predictions } from '../victim.ts';
import { worstCase } from './adversary.ts';
import type { Trainable, Weights } from './trainable.ts';

/** Shares of held-out rows that are right. */
export interface Scores {
  readonly clean: number;
  /** Under ten steps of projected gradient descent. */
  readonly robust: number;
  /** Under a single step. */
  readonly singleStep: number;
}

/** Rows that are not trained on: the last of a random order. At most 1000, so that looking does not cost more than learning. */
export function heldOut(
  samples: Samples,
  share: number,
  size: number,
  random: Random,
): { train: Samples; held: Samples } {
  const order = random.shuffle([...samples.labels.keys()]);
  const count = Math.min(1000, Math.floor(share * order.length));
  const part = (rows: readonly number[]): Samples => rowsOf(samples, rows, size);
  return { train: part(order.slice(0, order.length - count)), held: part(order.slice(order.length - count)) };
}

const rowsAtOnce = 256;

/**
 * How a model does on held-out rows, with other weights than those that are being trained where these are given.
 * @param random the same in every call, so that scores differ by weights alone
 */
export async function scores(
  trainable: Trainable,
  { x, labels }: Samples,
  threat: Threat,
  random: Random,
  weights?: Weights,
): Promise<Scores> {
  const { epsilon } = threat.ball;
  const right = { clean: 0, robust: 0, singleStep: 0 };
  const work = async (): Promise<void> => {
    for (let start = 0; start < labels.length; start += rowsAtOnce) {
      const rows = [...labels.keys()].slice(start, start + rowsAtOnce);
      const part = rowsOf({ x, labels }, rows, trainable.size);
      const attacked = async (steps: number, stepSize: number, from?: Float32Array): Promise<number> => {
        const adversary = { ...threat, steps, stepSize };
        const changed = await worstCase(trainable, part.x, part.labels, adversary, random.fork(`rows ${start}`), from);
        return rightOf(trainable, changed, part.labels);
      };
      right.clean += await rightOf(trainable, part.x, part.labels);
      right.robust += await attacked(10, epsilon / 4);
      right.singleStep += await attacked(1, epsilon, part.x.slice());
    }
  };
  await (weights === undefined ? work() : withWeights(trainable, weights, work));
  const share = (count: number): number => count / labels.length;
  return { clean: share(right.clean), robust: share(right.robust), singleStep: share(right.singleStep) };
}

async function rightOf(trainable: Trainable, x: Float32Array, labels: Int32Array): Promise<number> {
  const found = predictions(await trainable.logits(x), trainable.classes);
  return found.filter((label, row) => label === labels[row]).length;
}

/** Puts other weights in place while something is done. */
async function withWeights(trainable: Trainable, weights: Weights, work: () => Promise<void>): Promise<void> {
  const own = [trainable.weights, trainable.statistics].map((map) => [map, new Map(map)] as const);
  for (const [map] of own) {
    for (const name of map.keys()) map.set(name, weights.get(name) ?? new Float32Array());
  }
  try {
    await work();
  } finally {
    for (const [map, before] of own) for (const [name, values] of before) map.set(name, values);
  }
}
