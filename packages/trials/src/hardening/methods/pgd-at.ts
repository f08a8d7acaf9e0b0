import { type Adversary, worstCase } from '../adversary.ts';
import { oneHot } from '../trainable.ts';
import type { Method } from './method.ts';

/** Cross-entropy of the worst that an adversary finds (Madry et al., arXiv:1706.06083, equation 2.1). */
export function pgdAt(adversary: Adversary, smoothing = 0): Method {
  return {
    teach: async (trainable, { x, labels }, random) => {
      const changed = await worstCase(trainable, x, labels, adversary, random);
      return trainable.lesson(changed, oneHot(labels, trainable.classes, smoothing));
    },
  };
}

/** One step from a random start (Wong et al., arXiv:2001.03994, algorithm 3): as long as 1.25 of the radius unless given. */
export function fast(threat: Omit<Adversary, 'steps' | 'stepSize'>, stepSize = 1.25 * threat.ball.epsilon): Method {
  return pgdAt({ ...threat, steps: 1, stepSize });
}
