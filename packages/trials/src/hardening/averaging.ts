import type { Weights } from './weights.ts';

/** An average of the weights on their way: often more robust than where they end. */
export interface Average {
  /** Takes the weights behind a step. @param progress 0 to 1 */
  take(weights: Weights, progress: number): void;
  /** The averages, by name; empty before there are any. The arrays are its own. */
  readonly weights: Map<string, Float32Array>;
  /** Weights taken so far. */
  count: number;
}

/**
 * Exponential moving average: a ← d·a + (1 − d)·w, where d grows to `decay` as (1 + n)/(10 + n), so that the beginning is
 * soon forgotten.
 */
export function exponentialAverage(decay = 0.999): Average {
  return averaging((count) => 1 - Math.min(decay, (1 + count) / (10 + count)), 0);
}

/** Stochastic weight averaging: the mean of the weights from `from` of the training on (Izmailov et al., arXiv:1803.05407). */
export function stochasticAverage(from = 0.75): Average {
  return averaging((count) => 1 / (count + 1), from);
}

/** @param share of the new weights in the average, by how many were taken before */
function averaging(share: (count: number) => number, from: number): Average {
  return {
    weights: new Map(),
    count: 0,
    take(weights, progress) {
      if (progress < from) return;
      const part = this.count === 0 ? 1 : share(this.count);
      for (const [name, values] of weights) {
        const average = this.weights.get(name) ?? new Float32Array(values.length);
        this.weights.set(name, average);
        for (let index = 0; index < values.length; index += 1) {
          const old = average[index] as number;
          average[index] = old + part * ((values[index] as number) - old);
        }
      }
      this.count += 1;
    },
  };
}
