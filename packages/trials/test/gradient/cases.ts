import { arithmeticCases } from './cases/arithmetic.ts';
import type { Draws } from './cases/draw.ts';
import { gatherCases } from './cases/gather.ts';
import { linearCases } from './cases/linear.ts';
import { movingCases } from './cases/moving.ts';
import { normCases } from './cases/norm.ts';
import { normalisationCases } from './cases/normalisation.ts';
import { poolCases } from './cases/pool.ts';
import { reductionCases } from './cases/reduction.ts';
import { shapeCases } from './cases/shape.ts';
import { unaryCases } from './cases/unary.ts';

/** Configurations by operator. */
export const cases: Draws = {
  ...arithmeticCases,
  ...gatherCases,
  ...linearCases,
  ...movingCases,
  ...normCases,
  ...normalisationCases,
  ...poolCases,
  ...reductionCases,
  ...shapeCases,
  ...unaryCases,
};
