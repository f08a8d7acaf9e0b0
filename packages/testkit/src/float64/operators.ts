import { arithmetic } from './arithmetic.ts';
import { attentions } from './attention.ts';
import type { Operators } from './call.ts';
import { constants } from './constants.ts';
import { conversion } from './conversion.ts';
import { convolution } from './convolution.ts';
import { contraction } from './einsum.ts';
import { elementwise } from './elementwise.ts';
import { gathering } from './gathering.ts';
import { matrix } from './matrix.ts';
import { normalisation } from './normalisation.ts';
import { padding } from './padding.ts';
import { pooling } from './pooling.ts';
import { recurrence } from './recurrent.ts';
import { reduction } from './reduction.ts';
import { resizing } from './resize.ts';
import { sampling } from './sampling.ts';
import { shape } from './shape.ts';
import { softmax } from './softmax.ts';

/** Every standard operator that is computed, by name. */
export const operators: Operators = {
  ...elementwise,
  ...arithmetic,
  ...matrix,
  ...contraction,
  ...convolution,
  ...pooling,
  ...reduction,
  ...softmax,
  ...normalisation,
  ...shape,
  ...padding,
  ...gathering,
  ...resizing,
  ...sampling,
  ...attentions,
  ...recurrence,
  ...constants,
  ...conversion,
};
