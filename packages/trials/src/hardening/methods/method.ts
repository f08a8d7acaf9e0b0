import type { Random } from '@holdfast/statistics';
import type { Samples } from '../../attacks/attack.ts';
import type { OwnLoss } from '../../gradient/gradient-model.ts';
import type { Lesson, Trainable } from '../trainable.ts';

/** What a batch is turned into before it teaches. */
export interface Method {
  /** Of a lesson; cross-entropy unless given. */
  readonly loss?: OwnLoss;
  /** Adds λ·‖∂L/∂x‖² to the loss of a lesson. */
  readonly inputPenalty?: number;
  /** @param random draws of this batch alone */
  teach(trainable: Trainable, batch: Samples, random: Random): Promise<Lesson>;
}
