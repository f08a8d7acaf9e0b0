import { arithmeticCases } from './cases/arithmetic.ts';
import type { Draws } from './cases/draw.ts';
import { einsumCases } from './cases/einsum.ts';
import { gatherCases } from './cases/gather.ts';
import { linearCases } from './cases/linear.ts';
import { lossCases } from './cases/loss.ts';
import { normalisationCases } from './cases/normalisation.ts';
import { poolCases } from './cases/pool.ts';
import { reductionCases } from './cases/reduction.ts';
import { samplingCases } from './cases/sampling.ts';
import { shapeCases } from './cases/shape.ts';
import { unaryCases } from './cases/unary.ts';

/** Configurations by operator. */
export const cases: Draws = {
  ...arithmeticCases,
  ...einsumCases,
  ...gatherCases,
  ...linearCases,
  ...lossCases,
  ...normalisationCases,
  ...poolCases,
  ...reductionCases,
  ...samplingCases,
  ...shapeCases,
  ...unaryCases,
};
