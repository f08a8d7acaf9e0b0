import { type Model, tensor, valuesOf } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import { isNamed, type Layer, type LeftOut, layersOf } from './layer.ts';
import type { Mask } from './mask.ts';
import { pruneChannels } from './prune-channels.ts';

/** How much is pruned, and where. */
export interface PruneOptions {
  /** The share of the weights that are 0 afterwards, or of the channels that are gone: above 0, below 1. */
  readonly share: number;
  /** Compare all weights with each other, or those of each layer among themselves; `global` unless given. */
  readonly scope?: 'global' | 'layer';
  /**
   * `weights` (unless given): single weights become 0. The file stays as long as it is: it shrinks when it is compressed, or
   * stored sparsely ({@link sparselyStored}).
   * `channels`: whole outputs of Conv and Gemm go, and what reads them shrinks: file and work shrink at once.
   */
  readonly structure?: 'weights' | 'channels';
  /** Names of nodes or initializers that stay as they are. */
  readonly exclude?: readonly string[];
}

/** What became of a layer. */
export interface PrunedLayer {
  readonly layer: string;
  readonly operator: string;
  /** How many weights it had. */
  readonly weights: number;
  /** How many of those it keeps are not 0. */
  readonly kept: number;
  /** Of `channels`: how many outputs it had and keeps. */
  readonly channels?: { readonly before: number; readonly after: number };
}

/** A pruned model: same inputs and outputs. */
export interface Pruned {
  readonly model: Model;
  readonly layers: readonly PrunedLayer[];
  /** Layers with weights that were not pruned, and why. */
  readonly left: readonly LeftOut[];
  /** Weights that are kept (1) and cut (0), for training on; empty for `channels`, where nothing has to be kept at 0. */
  readonly mask: Mask;
}

const prunedOperators = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'LSTM', 'GRU', 'RNN'] as const;

/**
 * Prunes by magnitude: the weights that are nearest to 0 become 0 (Han et al., arXiv:1506.02626), or the channels with the
 * smallest mean magnitude go (Li et al., arXiv:1608.08710). Biases stay. Equal weights fall in the order of the file, so that
 * the same model gives the same bytes.
 * @param model with its weights inside
 * @throws TrialsError HF_TRIALS_OPTIONS; HF_TRIALS_COMPRESSION where there is nothing to prune
 * @example
 * ```ts
 * import { readFile, writeFile } from 'node:fs/promises';
 * import { readModel, writeModel } from '@holdfast/onnx';
 * import { prune } from '@holdfast/trials/hardening/prune';
 * const { model, layers } = prune(readModel(await readFile('model.onnx')), { share: 0.8 });
 * await writeFile('pruned.onnx', writeModel(model));
 * ```
 */
export function prune(model: Model, options: PruneOptions): Pruned {
  const { share, exclude = [] } = options;
  if (!(share > 0 && share < 1)) {
    throw new TrialsError('HF_TRIALS_OPTIONS', `the option \`share\` is \`${share}\`: it lies above 0 and below 1`, {
      fix: 'give the part of the weights that is to be cut, such as 0.8',
    });
  }
  const found = layersOf(model, prunedOperators);
  const layers = found.layers.filter((layer) => !isNamed(layer, exclude));
  const named = found.layers.filter((layer) => isNamed(layer, exclude));
  const left = [
    ...found.left,
    ...named.map(({ name, node }) => ({ layer: name, operator: node.opType, why: 'excluded' })),
  ];
  const pruned =
    options.structure === 'channels' ? pruneChannels(model, layers, options) : pruneWeights(model, layers, options);
  if (pruned.layers.length === 0) refuse([...left, ...pruned.left]);
  return { ...pruned, left: [...left, ...pruned.left] };
}

function refuse(left: readonly LeftOut[]): never {
  const reasons = left.map(({ layer, why }) => `\`${layer}\`: ${why}`);
  throw new TrialsError('HF_TRIALS_COMPRESSION', 'the model has nothing that can be pruned', {
    ...(reasons.length === 0 ? {} : { where: reasons.slice(0, 5).join('; ') }),
  });
}

function pruneWeights(model: Model, layers: readonly Layer[], { share, scope = 'global' }: PruneOptions): Pruned {
  const values = new Map<string, Float32Array>();
  for (const name of layers.flatMap(({ weights }) => weights.map((weight) => weight.name))) {
    const constant = model.graph.initializers.get(name);
    if (constant !== undefined) values.set(name, valuesOf(constant, 'FLOAT').slice());
  }
  const groups = scope === 'global' ? [[...values.values()]] : [...values.values()].map((each) => [each]);
  for (const group of groups) cutSmallest(group, share);
  const initializers = new Map(model.graph.initializers);
  for (const [name, cut] of values) initializers.set(name, tensor(name, initializers.get(name)?.dims ?? [], cut));
  return {
    model: { ...model, graph: { ...model.graph, initializers } },
    layers: layers.map(({ name, node, weights }) => {
      const own = weights.map((weight) => values.get(weight.name) ?? new Float32Array(0));
      const count = own.reduce((sum, each) => sum + each.length, 0);
      const kept = own.reduce((sum, each) => sum + each.reduce((all, value) => all + (value === 0 ? 0 : 1), 0), 0);
      return { layer: name, operator: node.opType, weights: count, kept };
    }),
    left: [],
    mask: new Map([...values].map(([name, each]) => [name, Uint8Array.from(each, (value) => (value === 0 ? 0 : 1))])),
  };
}

/** Sets the share that is nearest to 0 to 0, in place: round(share × count) of them. */
function cutSmallest(group: readonly Float32Array[], share: number): void {
  const magnitudes = new Float32Array(group.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of group) for (const value of each) magnitudes[at++] = Math.abs(value);
  magnitudes.sort();
  const count = Math.round(share * magnitudes.length);
  if (count === 0) return;
  const threshold = magnitudes[count - 1] as number;
  // of those at the threshold only so many as are missing
  let atThreshold = count - magnitudes.findIndex((value) => value >= threshold);
  for (const each of group) {
    for (let index = 0; index < each.length; index += 1) {
      const magnitude = Math.abs(each[index] as number);
      if (magnitude > threshold || (magnitude === threshold && atThreshold === 0)) continue;
      if (magnitude === threshold) atThreshold -= 1;
      each[index] = 0;
    }
  }
}
