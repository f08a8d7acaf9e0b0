import type { Scores } from './held-out.ts';

/** Below this share of the rows nothing was learned yet that could be lost. */
const learned = 0.1;

/**
 * Catastrophic overfitting of training with a single step (Wong et al., arXiv:2001.03994, section 5.2): the model still
 * withstands one step, and no longer many. It has collapsed where fewer than half as many rows withstand ten steps as one,
 * and as withstood ten at its best: the second, because a model that was never hardened looks like this too.
 * @param best share of the rows that withstood ten steps before, at its best
 */
export function hasCollapsed({ robust, singleStep }: Pick<Scores, 'robust' | 'singleStep'>, best: number): boolean {
  return best >= learned && robust < singleStep / 2 && robust < best / 2;
}
