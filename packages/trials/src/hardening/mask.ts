import { type Model, tensor } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import type { Optimiser } from './optimiser.ts';
import type { Weights } from './weights.ts';

/** Which weights stay: 1, or 0 where a weight was cut; by the name of the initializer. What it does not name is free. */
export type Mask = ReadonlyMap<string, Uint8Array>;

/**
 * An optimiser that keeps cut weights at 0, so that a pruned model can be trained on. They get no gradient either: momentum
 * does not gather where nothing moves.
 * @example
 * ```ts
 * import { adam } from '@holdfast/trials/hardening/optimiser';
 * import { type Mask, masked } from '@holdfast/trials/hardening/mask';
 * const mask: Mask = new Map([['w', Uint8Array.of(1, 0)]]);
 * const optimiser = masked(adam(), mask);
 * ```
 */
export function masked(optimiser: Optimiser, mask: Mask): Optimiser {
  return {
    memory: optimiser.memory,
    get count() {
      return optimiser.count;
    },
    set count(steps) {
      optimiser.count = steps;
    },
    step(weights, gradients, rows, rate) {
      const free = new Map([...gradients].map(([name, gradient]) => [name, cut(gradient.slice(), mask.get(name))]));
      optimiser.step(weights, free, rows, rate);
      for (const [name, values] of weights) cut(values, mask.get(name));
    },
  };
}

function cut(values: Float32Array, kept: Uint8Array | undefined): Float32Array {
  if (kept === undefined) return values;
  for (let index = 0; index < values.length; index += 1) if (kept[index] === 0) values[index] = 0;
  return values;
}

/**
 * A model with other weights, such as those that {@link Trainable} learned for it in another operator set.
 * @throws TrialsError HF_TRIALS_MODEL where it has no such weight, of this size
 */
export function withWeights(model: Model, weights: Weights): Model {
  const initializers = new Map(model.graph.initializers);
  for (const [name, values] of weights) {
    const constant = initializers.get(name);
    if (
      constant?.dataType !== 'FLOAT' ||
      constant.dims.reduce((product, size) => product * size, 1) !== values.length
    ) {
      throw new TrialsError('HF_TRIALS_MODEL', `the model has no weight \`${name}\` of ${values.length} numbers`);
    }
    initializers.set(name, tensor(name, constant.dims, values.slice()));
  }
  return { ...model, graph: { ...model.graph, initializers } };
}
