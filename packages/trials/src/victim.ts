import type { LossName } from './gradient/losses.ts';

/** What one step of an attack learns: of every row its logits [N·K] and loss [N], and the gradient of the loss [N·size]. */
export interface LossGradient {
  readonly logits: Float32Array;
  readonly loss: Float32Array;
  readonly gradient: Float32Array;
}

/**
 * A classifier under attack. Rows lie one behind the other: `x` holds N·size numbers, row-major. What a call returns is
 * the caller's own until the next call.
 */
export interface Victim {
  /** Dimensions of one sample. */
  readonly dims: readonly number[];
  /** Numbers of one sample. */
  readonly size: number;
  readonly classes: number;
  /** Passes through the model so far: rows forward, and rows forward and backward. */
  readonly spent: { readonly forward: number; readonly backward: number };
  /** What the file itself answers, in the form in which it will be deployed: a class a row, −1 where it gives NaN. */
  classify(x: Float32Array): Promise<Int32Array>;
  /** [N·K] */
  logits(x: Float32Array): Promise<Float32Array>;
  /**
   * A loss that an attack climbs, and its gradient.
   * @param targets classes; for `dlr-targeted`
   */
  lossGradient(x: Float32Array, labels: Int32Array, loss: LossName, targets?: Int32Array): Promise<LossGradient>;
  /** The gradient of Σ seed · logits, seed [N·K]. */
  pullback(x: Float32Array, seed: Float32Array): Promise<Omit<LossGradient, 'loss'>>;
}

/** The class with the largest logit, a row each; the first of equals; −1 where a logit is NaN. */
export function predictions(logits: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, row) => largest(logits, row * classes, classes));
}

function largest(values: Float32Array, start: number, length: number): number {
  let best = 0;
  for (let index = 0; index < length; index += 1) {
    const value = values[start + index] ?? Number.NaN;
    if (Number.isNaN(value)) return -1;
    if (value > (values[start + best] ?? 0)) best = index;
  }
  return best;
}

/** The largest logit of another class less that of the label, a row each: the model errs where it is above 0. */
export function marginsOf(logits: Float32Array, labels: Int32Array, classes: number): Float64Array {
  return Float64Array.from(labels, (label, row) => {
    let other = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < classes; index += 1) {
      const value = logits[row * classes + index] as number;
      if (index !== label && !(value <= other)) other = value;
    }
    return other - (logits[row * classes + label] as number);
  });
}
