import type { Scores } from './held-out.ts';

/**
 * Catastrophic overfitting of training with a single step (Wong et al., arXiv:2001.03994, section 5.2): the model still
 * withstands one step, and no longer many. It has collapsed where fewer than half as many rows withstand ten steps as one,
 * and as withstood ten at its best: the second, because a model that was never hardened looks like this too.
 */
export function hasCollapsed({ robust, singleStep }: Scores, best: number): boolean {
  return robust < singleStep / 2 && robust < best / 2;
}
