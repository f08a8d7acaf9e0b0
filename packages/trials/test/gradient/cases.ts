import { arithmeticCases, floorModCases } from './cases/arithmetic.ts';
import type { Draws } from './cases/draw.ts';
import { einsumCases } from './cases/einsum.ts';
import { gatherCases } from './cases/gather.ts';
import { linearCases } from './cases/linear.ts';
import { lossCases } from './cases/loss.ts';
import { movingCases } from './cases/moving.ts';
import { evenLrnCases, normCases } from './cases/norm.ts';
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
  ...movingCases,
  ...normCases,
  ...normalisationCases,
  ...poolCases,
  ...reductionCases,
  ...samplingCases,
  ...shapeCases,
  ...unaryCases,
};

/** What the standard has and the runtime refuses: only the oracle computes it. */
export const casesBeyondRuntime: Draws = { ...evenLrnCases, ...floorModCases };
