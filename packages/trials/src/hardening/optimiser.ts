import type { Weights } from './weights.ts';

/** Changes weights by the mean gradient of a batch. */
export interface Optimiser {
  /** @param rate the learning rate of this step */
  step(weights: Weights, gradients: Weights, rows: number, rate: number): void;
  /** What it remembers, by name; the arrays are its own. */
  readonly memory: Map<string, Float32Array>;
  /** Steps so far. */
  count: number;
}

/** v ← μ·v + g + λ·w; w ← w − η·v, as torch.optim.SGD without dampening. */
export function sgd({
  momentum = 0,
  decay = 0,
}: {
  readonly momentum?: number;
  readonly decay?: number;
} = {}): Optimiser {
  return {
    memory: new Map(),
    count: 0,
    step(weights, gradients, rows, rate) {
      this.count += 1;
      for (const [name, w] of weights) {
        const g = gradients.get(name);
        if (g === undefined) continue;
        const v = remembered(this.memory, `velocity/${name}`, w.length);
        for (let index = 0; index < w.length; index += 1) {
          const slope = (g[index] as number) / rows + decay * (w[index] as number);
          v[index] = this.count === 1 ? slope : momentum * (v[index] as number) + slope;
          w[index] = (w[index] as number) - rate * (v[index] as number);
        }
      }
    },
  };
}

/**
 * Adam (Kingma & Ba, arXiv:1412.6980, algorithm 1): w ← w − η·m̂/(√v̂ + ε). Weight decay is added to the gradient, as in
 * torch.optim.Adam.
 */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0 } = {}): Optimiser {
  return {
    memory: new Map(),
    count: 0,
    step(weights, gradients, rows, rate) {
      this.count += 1;
      const [bias1, bias2] = [1 - beta1 ** this.count, 1 - beta2 ** this.count];
      for (const [name, w] of weights) {
        const g = gradients.get(name);
        if (g === undefined) continue;
        const m = remembered(this.memory, `m/${name}`, w.length);
        const v = remembered(this.memory, `v/${name}`, w.length);
        for (let index = 0; index < w.length; index += 1) {
          const slope = (g[index] as number) / rows + decay * (w[index] as number);
          m[index] = beta1 * (m[index] as number) + (1 - beta1) * slope;
          v[index] = beta2 * (v[index] as number) + (1 - beta2) * slope * slope;
          w[index] =
            (w[index] as number) -
            (rate * ((m[index] as number) / bias1)) / (Math.sqrt((v[index] as number) / bias2) + epsilon);
        }
      }
    },
  };
}

function remembered(memory: Map<string, Float32Array>, name: string, length: number): Float32Array {
  const known = memory.get(name) ?? new Float32Array(length);
  memory.set(name, known);
  return known;
}
