import { type Graph, type Model, type Node, node, valuesOf } from '@holdfast/onnx';
import { Operation } from '../../gradient/operation.ts';
import type { Layer } from '../layer.ts';
import type { QuantiseOptions } from '../quantise.ts';
import { type Affine, affineOf, type Range } from './affine.ts';
import { Constants } from './constants.ts';
import type { Plan, Rounded } from './plan.ts';
import { countUses, withoutUnused } from './uses.ts';
import { leastScales, quantisedBias, quantisedWeights, type Reals } from './weights.ts';

/**
 * The model with QuantizeLinear and DequantizeLinear where the plan says it, weights in int8 and biases in int32.
 * @param ranges of every value that is rounded like itself
 */
export function quantised(
  model: Model,
  plan: Plan,
  ranges: ReadonlyMap<string, Range>,
  options: QuantiseOptions,
): Model {
  return { ...model, graph: new Writer(model.graph, plan, ranges, options).graph() };
}

class Writer {
  readonly #graph: Graph;
  readonly #plan: Plan;
  readonly #options: QuantiseOptions;
  readonly #constants: Constants;
  readonly #affines: ReadonlyMap<string, Affine>;
  readonly #nodes: Node[] = [];
  /** What integer layers read in place of a value. */
  readonly #readAs = new Map<string, string>();
  /** Values of DequantizeLinear, by the constant that they come from. */
  readonly #real = new Map<string, string>();
  readonly #replaced: ReadonlySet<string>;

  constructor(graph: Graph, plan: Plan, ranges: ReadonlyMap<string, Range>, options: QuantiseOptions) {
    this.#graph = graph;
    this.#plan = plan;
    this.#options = options;
    this.#constants = new Constants(graph);
    const type = options.activations === 'int8' ? 'INT8' : 'UINT8';
    this.#affines = new Map(
      plan.rounded.map(({ value, like }) => [value, affineOf(ranges.get(like) ?? { low: 0, high: 0 }, type)]),
    );
    this.#replaced = this.#replacedConstants();
  }

  graph(): Graph {
    const rounded = new Map(this.#plan.rounded.map((each) => [each.value, each]));
    const layers = new Map([...this.#plan.integer, ...this.#plan.stored].map((layer) => [layer.node, layer]));
    for (const { name } of this.#graph.inputs) this.#round(rounded.get(name));
    for (const original of this.#graph.nodes) {
      const layer = layers.get(original);
      const written = layer === undefined ? original : this.#layer(layer);
      const outputs = written.outputs.map((name) =>
        rounded.get(name)?.isForAll === true ? this.#constants.name('raw') : name,
      );
      this.#nodes.push({ ...written, outputs });
      for (const [place, name] of written.outputs.entries()) this.#round(rounded.get(name), outputs[place]);
    }
    const initializers = new Map([...this.#graph.initializers, ...this.#constants.added]);
    return withoutUnused({ ...this.#graph, nodes: this.#nodes, initializers, valueInfo: [] });
  }

  /** @param given the name of what is rounded */
  #round(rounded: Rounded | undefined, given = rounded?.value): void {
    const affine = this.#affines.get(rounded?.value ?? '');
    if (rounded === undefined || given === undefined || affine === undefined) return;
    const parameters = this.#constants.affine(affine);
    const stored = this.#constants.name('q');
    const real = rounded.isForAll ? rounded.value : this.#constants.name('x');
    this.#nodes.push(node('QuantizeLinear', [given, ...parameters], [stored]));
    this.#nodes.push(node('DequantizeLinear', [stored, ...parameters], [real]));
    this.#readAs.set(rounded.value, real);
  }

  #layer(layer: Layer): Node {
    return this.#plan.stored.includes(layer) ? this.#storedLayer(layer) : this.#integerLayer(layer);
  }

  #storedLayer({ node: original, weights }: Layer): Node {
    const inputs = [...original.inputs];
    for (const { name, input, axis } of weights) {
      inputs[input] = this.#weight(name, this.#reals(name), this.#isPerChannel() ? axis : undefined).real;
    }
    return { ...original, inputs };
  }

  #integerLayer({ node: original, weights: [weight] }: Layer): Node {
    const operation = new Operation(original);
    const [input = '', name = '', bias = ''] = original.inputs;
    const scale = this.#affines.get(input)?.scale ?? 1;
    const reals = scaled(this.#reals(name), operation, 'alpha');
    const canSlice = original.opType !== 'MatMul' || reals.dims.length === 2;
    const axis = this.#isPerChannel() && canSlice ? weight?.axis : undefined;
    const slices = reals.dims[weight?.axis ?? 0] ?? 1;
    const offsets = this.#bias(bias, slices);
    const own = offsets === undefined ? undefined : scaled(offsets, operation, 'beta');
    const least = own && leastScales(own.values, scale, axis === undefined ? 1 : slices);
    // ONNX Runtime fuses Gemm only where the weights have a zero point
    const { real, scales } = this.#weight(name, reals, axis, least, original.opType === 'Gemm');
    const inputs = [this.#readAs.get(input) ?? input, real];
    if (own !== undefined) inputs.push(this.#biasOf(bias, own.values, scale, scales));
    else inputs.push(...original.inputs.slice(2));
    return { ...original, inputs, attributes: withoutFactors(original, own !== undefined) };
  }

  #isPerChannel(): boolean {
    return this.#options.weights !== 'per-tensor';
  }

  #reals(name: string): Reals {
    const constant = this.#graph.initializers.get(name);
    return constant === undefined
      ? { values: new Float32Array(0), dims: [0] }
      : { values: valuesOf(constant, 'FLOAT'), dims: constant.dims };
  }

  /** A bias that can be added to the products: a fixed number for each output of the layer. */
  #bias(name: string, slices: number): Reals | undefined {
    const constant = this.#graph.initializers.get(name);
    const isFixed = constant?.dataType === 'FLOAT' && !this.#graph.inputs.some((input) => input.name === name);
    if (!isFixed || constant.content.kind === 'external') return undefined;
    const { dims } = constant;
    const isForEach = dims.at(-1) === slices && dims.slice(0, -1).every((size) => size === 1);
    return isForEach ? { values: valuesOf(constant, 'FLOAT'), dims: [slices] } : undefined;
  }

  #weight(name: string, reals: Reals, axis: number | undefined, least?: Float64Array, hasZero = false) {
    const bits = this.#options.weightBits ?? 8;
    const { values, scales } = quantisedWeights(
      reals,
      axis,
      least === undefined ? { bits } : { bits, leastScales: least },
    );
    const dims = axis === undefined ? [] : [scales.length];
    const scale = this.#constants.constant('scale', dims, scales);
    const zero = hasZero ? [this.#constants.constant('zero', dims, new Int8Array(scales.length))] : [];
    const stored = this.#stored(name, reals.dims, values);
    return { real: this.#dequantised([stored, scale, ...zero], axis), scales };
  }

  #biasOf(name: string, values: Reals['values'], activationScale: number, weightScales: Float32Array): string {
    const bias = quantisedBias(values, activationScale, weightScales);
    const isOne = weightScales.length === 1 && this.#options.weights === 'per-tensor';
    const scale = this.#constants.constant('scale', isOne ? [] : [bias.scales.length], bias.scales);
    return this.#dequantised([this.#stored(name, [values.length], bias.values), scale], isOne ? undefined : 0);
  }

  /** The whole numbers under the name that the real ones had, where nothing else reads these. */
  #stored(name: string, dims: readonly number[], values: Int8Array | Int32Array): string {
    const isFree = this.#replaced.has(name) && !this.#constants.added.has(name);
    return this.#constants.constant('w', dims, values, isFree ? name : undefined);
  }

  /** Constants that only layers of the plan read, as weights or as biases. */
  #replacedConstants(): Set<string> {
    const left = countUses(this.#graph);
    const { integer, stored } = this.#plan;
    const biases = integer.flatMap(({ node: { opType, inputs }, weights: [weight] }) => {
      const slices = this.#reals(weight?.name ?? '').dims[weight?.axis ?? 0] ?? 1;
      return opType === 'MatMul' || this.#bias(inputs[2] ?? '', slices) === undefined ? [] : [inputs[2] ?? ''];
    });
    const places = [...[...integer, ...stored].flatMap(({ weights }) => weights.map(({ name }) => name)), ...biases];
    for (const name of places) left.set(name, (left.get(name) ?? 0) - 1);
    return new Set(places.filter((name) => left.get(name) === 0));
  }

  #dequantised(inputs: readonly string[], axis: number | undefined): string {
    const key = [...inputs, axis].join('\n');
    const known = this.#real.get(key);
    if (known !== undefined) return known;
    const real = this.#constants.name('x');
    // 1 is what it is unless said
    const attributes = axis === undefined || axis === 1 ? {} : { axis: BigInt(axis) };
    this.#nodes.push(node('DequantizeLinear', inputs, [real], { attributes }));
    this.#real.set(key, real);
    return real;
  }
}

/** Gemm multiplies by `alpha` and `beta`: within the constants, that is done once. */
function scaled(reals: Reals, operation: Operation, name: 'alpha' | 'beta'): Reals {
  const factor = operation.opType === 'Gemm' ? operation.float(name, 1) : 1;
  return factor === 1 ? reals : { ...reals, values: Float64Array.from(reals.values, (value) => value * factor) };
}

function withoutFactors({ opType, attributes }: Node, isBiasScaled: boolean): Node['attributes'] {
  if (opType !== 'Gemm') return attributes;
  const gone = isBiasScaled ? ['alpha', 'beta'] : ['alpha'];
  return new Map([...attributes].filter(([name]) => !gone.includes(name)));
}
