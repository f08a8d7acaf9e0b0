import { type Graph, type Model, type Node, type Tensor, tensor, valuesOf } from '@holdfast/onnx';
import { Blocked, type Shrinks, shrinksBehind } from './channel-path.ts';
import { type Layer, type LeftOut } from './layer.ts';
import type { Pruned, PruneOptions } from './prune.ts';

/** A layer whose channels can go, and how much each of them weighs: the mean magnitude of its weights. */
interface Candidate {
  readonly layer: Layer;
  readonly shrinks: readonly Shrinks[];
  readonly magnitudes: Float64Array;
}

/** Removes the outputs of Conv and Gemm with the smallest weights; a layer keeps one at least. */
export function pruneChannels(model: Model, layers: readonly Layer[], options: PruneOptions): Pruned {
  const { graph } = model;
  const candidates: Candidate[] = [];
  const left: LeftOut[] = [];
  for (const layer of layers) {
    const { node, name } = layer;
    try {
      candidates.push(candidateOf(graph, layer));
    } catch (cause) {
      if (!(cause instanceof Blocked)) throw cause;
      left.push({ layer: name, operator: node.opType, why: cause.message });
    }
  }
  const kept = keptOf(candidates, options);
  const smaller = candidates.reduce((all, candidate, index) => shrunk(all, candidate, kept[index] ?? []), graph);
  return {
    model: { ...model, graph: { ...smaller, valueInfo: [] } },
    layers: candidates.map(({ layer, magnitudes }, index) => ({
      layer: layer.name,
      operator: layer.node.opType,
      weights: sizeOf(graph, layer),
      kept: sizeOf(smaller, layer),
      channels: { before: magnitudes.length, after: kept[index]?.length ?? 0 },
    })),
    left,
    mask: new Map(),
  };
}

function candidateOf(graph: Graph, layer: Layer): Candidate {
  const { node, weights } = layer;
  const [weight] = weights;
  const constant = graph.initializers.get(weight?.name ?? '');
  if (!['Conv', 'Gemm'].includes(node.opType) || weight === undefined || constant === undefined) {
    throw new Blocked('only channels of Conv and Gemm are taken out');
  }
  const magnitudes = meanMagnitudes(valuesOf(constant, 'FLOAT'), constant.dims, weight.axis);
  const shrinks = shrinksBehind(graph, layer, magnitudes.length);
  const uses = graph.nodes.flatMap(({ inputs }) => inputs);
  const shared = shrinks.find(
    (each) => each.kind === 'weights' && uses.filter((name) => name === each.name).length > 1,
  );
  if (shared?.kind === 'weights') throw new Blocked(`\`${shared.name}\` is used more than once`);
  return { layer, shrinks, magnitudes };
}

function meanMagnitudes(values: Float32Array, dims: readonly number[], axis: number): Float64Array {
  const channels = dims[axis] ?? 1;
  const inner = dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const sums = new Float64Array(channels);
  for (const [index, value] of values.entries()) {
    const channel = Math.floor(index / inner) % channels;
    sums[channel] = (sums[channel] as number) + Math.abs(value);
  }
  return sums.map((sum) => (sum * channels) / values.length);
}

/** The channels that stay, by layer, in their order. */
function keptOf(candidates: readonly Candidate[], { share, scope = 'global' }: PruneOptions): number[][] {
  // layers differ in scale: compared with each other, a channel counts as a part of its layer's mean
  const all = candidates.map(({ magnitudes }) => {
    const mean = magnitudes.reduce((sum, each) => sum + each, 0) / magnitudes.length || 1;
    return [...magnitudes].map((each, channel) => ({ channel, weight: each / mean }));
  });
  const ranked = all.flatMap((channels, layer) => channels.map((each) => ({ ...each, layer })));
  const groups = scope === 'global' ? [ranked] : all.map((_, layer) => ranked.filter((each) => each.layer === layer));
  const gone = all.map(() => new Set<number>());
  for (const group of groups) {
    let left = Math.round(share * group.length);
    for (const { layer, channel } of group.toSorted((a, b) => a.weight - b.weight)) {
      const own = gone[layer];
      if (left === 0 || own === undefined || own.size + 1 >= (all[layer]?.length ?? 0)) continue;
      own.add(channel);
      left -= 1;
    }
  }
  return all.map((channels, layer) => channels.map(({ channel }) => channel).filter((each) => !gone[layer]?.has(each)));
}

function shrunk(graph: Graph, { shrinks, magnitudes }: Candidate, kept: readonly number[]): Graph {
  const initializers = new Map(graph.initializers);
  const reshaped = new Map<Node, Node>();
  for (const each of shrinks) {
    if (each.kind === 'weights') {
      const constant = initializers.get(each.name);
      if (constant !== undefined) initializers.set(each.name, slices(constant, each.axis, each.perChannel, kept));
      continue;
    }
    const name = `${each.node.outputs[0] ?? ''}/shape`;
    const shape = initializers.get(each.node.inputs[1] ?? '');
    const [rows = 0n] = shape === undefined ? [] : valuesOf(shape, 'INT64');
    const fresh = initializers.has(name) ? `${name}/pruned` : name;
    initializers.set(fresh, tensor(fresh, [2], BigInt64Array.of(rows, BigInt(each.perChannel * kept.length))));
    reshaped.set(each.node, { ...each.node, inputs: [each.node.inputs[0] ?? '', fresh] });
  }
  if (magnitudes.length === kept.length) return graph;
  const nodes = graph.nodes.map((node) => reshaped.get(node) ?? node);
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  for (const { inputs } of reshaped.keys()) if (!used.has(inputs[1] ?? '')) initializers.delete(inputs[1] ?? '');
  return { ...graph, nodes, initializers };
}

/** The parts of a constant that belong to the kept channels, along an axis. */
function slices(constant: Tensor, axis: number, perChannel: number, kept: readonly number[]): Tensor {
  const values = valuesOf(constant, 'FLOAT');
  const size = constant.dims[axis] ?? 1;
  const inner = constant.dims.slice(axis + 1).reduce((product, each) => product * each, 1);
  const block = perChannel * inner;
  const outer = values.length / (size * inner);
  const part = new Float32Array(outer * kept.length * block);
  for (let row = 0; row < outer; row += 1) {
    for (const [place, channel] of kept.entries()) {
      const from = row * size * inner + channel * block;
      part.set(values.subarray(from, from + block), (row * kept.length + place) * block);
    }
  }
  const dims = constant.dims.map((each, index) => (index === axis ? kept.length * perChannel : each));
  return tensor(constant.name, dims, part);
}

function sizeOf({ initializers }: Graph, { weights }: Layer): number {
  return weights.reduce(
    (sum, { name }) => sum + (initializers.get(name)?.dims.reduce((product, size) => product * size, 1) ?? 0),
    0,
  );
}
