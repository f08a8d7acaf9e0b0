import { oneHot } from '../trainable.ts';
import type { Method } from './method.ts';

export interface PlainOptions {
  /** Label smoothing: so much of the target is spread over all classes (Szegedy et al., arXiv:1512.00567). */
  readonly smoothing?: number;
  /** λ of λ·‖∂L/∂x‖² (Ross & Doshi-Velez, arXiv:1711.09404). */
  readonly inputPenalty?: number;
}

/** Cross-entropy of the samples as they are, with what regularises it. */
export function plain({ smoothing = 0, inputPenalty = 0 }: PlainOptions = {}): Method {
  return {
    ...(inputPenalty === 0 ? {} : { inputPenalty }),
    teach: async (trainable, { x, labels }) => trainable.lesson(x, oneHot(labels, trainable.classes, smoothing)),
  };
}
