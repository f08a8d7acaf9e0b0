import type { Weights } from './trainable.ts';

/** Changes weights by the mean gradient of a batch. */
export interface Optimiser {
  /** @param rate the learning rate of this step */
  step(weights: Weights, gradients: Weights, rows: number, rate: number): void;
}

/** v ← μ·v + g + λ·w; w ← w − η·v, as torch.optim.SGD without dampening. */
export function sgd({
  momentum = 0,
  decay = 0,
}: {
  readonly momentum?: number;
  readonly decay?: number;
} = {}): Optimiser {
  const velocities = new Map<string, Float32Array>();
  return {
    step(weights, gradients, rows, rate) {
      for (const [name, w] of weights) {
        const g = gradients.get(name);
        if (g === undefined) continue;
        const isFirst = !velocities.has(name);
        const v = velocities.get(name) ?? new Float32Array(w.length);
        velocities.set(name, v);
        for (let index = 0; index < w.length; index += 1) {
          const slope = (g[index] as number) / rows + decay * (w[index] as number);
          v[index] = isFirst ? slope : momentum * (v[index] as number) + slope;
          w[index] = (w[index] as number) - rate * (v[index] as number);
        }
      }
    },
  };
}

/** Adam (Kingma & Ba, arXiv:1412.6980, algorithm 1): w ← w − η·m̂/(√v̂ + ε). */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {}): Optimiser {
  const moments = new Map<string, { readonly m: Float32Array; readonly v: Float32Array }>();
  let count = 0;
  return {
    step(weights, gradients, rows, rate) {
      count += 1;
      const [bias1, bias2] = [1 - beta1 ** count, 1 - beta2 ** count];
      for (const [name, w] of weights) {
        const g = gradients.get(name);
        if (g === undefined) continue;
        const { m, v } = moments.get(name) ?? { m: new Float32Array(w.length), v: new Float32Array(w.length) };
        moments.set(name, { m, v });
        for (let index = 0; index < w.length; index += 1) {
          const slope = (g[index] as number) / rows;
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
