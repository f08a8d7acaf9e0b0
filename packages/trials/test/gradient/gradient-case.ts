import { graphOf, type Model, modelOf, type Node, type Tensor, tensor, tensorValue } from '@holdfast/onnx';
import { evaluate, floats, numbersOf, type Value } from '@holdfast/testkit/float64/evaluate';
import type { Facts, ValueFacts } from '../../src/gradient/facts.ts';
import { gradientModel, gradientPort, ports } from '../../src/gradient/gradient-model.ts';
import { lowered, needsLowering } from '../../src/gradient/lowerings/index.ts';

/** A small graph whose gradients are checked: real inputs, an output `y`. */
export interface GradientCase {
  readonly nodes: readonly Node[];
  readonly inputs: Readonly<Record<string, Value>>;
  readonly constants?: readonly Tensor[];
  /** Inputs whose first axis is the batch, of which nothing may be known. */
  readonly batched?: readonly string[];
  readonly opset?: number;
}

/** A DOUBLE value. */
export function reals(dims: readonly number[], data: ArrayLike<number>): Value {
  return floats(dims, Float64Array.from(data), 'DOUBLE');
}

/** INT64 constants by name. */
export function integersOf(name: string, values: readonly number[], dims: readonly number[] = [values.length]): Tensor {
  return tensor(name, dims, BigInt64Array.from(values, BigInt));
}

function modelWith({ nodes, inputs, constants = [], opset = 18 }: GradientCase) {
  const ins = Object.entries(inputs).map(([name, { type, dims }]) => tensorValue(name, type, [...dims]));
  return modelOf({
    graph: graphOf({ name: 'case', nodes, inputs: ins, outputs: [{ name: 'y' }], initializers: constants }),
    opsets: { '': opset },
  });
}

/** The largest difference between the gradient graph and central differences, both in float64, relative to the largest slope. */
export function disagreement(of: GradientCase, step = 1e-5): { worst: number; checked: number } {
  const model = modelWith(of);
  const feeds = new Map(Object.entries(of.inputs));
  const y = valueOf(evaluate(model, feeds), 'y');
  const seed = reals(
    y.dims,
    Array.from(numbersOf(y), (_, index) => Math.cos(1 + 3 * index)),
  );
  const names = Object.keys(of.inputs).filter((name) => of.inputs[name]?.type === 'DOUBLE');
  const facts = factsOf(of);
  const plain = needsLowering(model) ? lowered(model, facts) : model;
  const known = plain === model ? facts : factsOf(of, plain);
  const gradients = gradientModel(plain, { facts: known, output: 'y', loss: 'seed', withRespectTo: names });
  const found = evaluate(gradients, new Map([...feeds, [ports.seed, seed]]));
  let [worst, scale, checked] = [0, 1e-3, 0];
  const differences: number[] = [];
  for (const name of names) {
    const gradient = numbersOf(valueOf(found, gradientPort(name)));
    for (const [index, slope] of gradient.entries()) {
      const measured =
        (loss(model, feeds, seed, name, index, step) - loss(model, feeds, seed, name, index, -step)) / (2 * step);
      differences.push(Math.abs(measured - slope));
      scale = Math.max(scale, Math.abs(slope), Math.abs(measured));
      checked += 1;
    }
  }
  worst = Math.max(0, ...differences) / scale;
  return { worst: differences.some(Number.isNaN) ? Number.NaN : worst, checked };
}

function loss(
  model: ReturnType<typeof modelWith>,
  feeds: ReadonlyMap<string, Value>,
  seed: Value,
  name: string,
  index: number,
  by: number,
): number {
  const value = valueOf(feeds, name);
  const data = Float64Array.from(numbersOf(value));
  data[index] = (data[index] ?? 0) + by;
  const y = numbersOf(valueOf(evaluate(model, new Map([...feeds, [name, { ...value, data }]])), 'y'));
  const weights = numbersOf(seed);
  return y.reduce((sum, each, at) => sum + each * (weights[at] ?? 0), 0);
}

/** What the oracle makes of every value, with the batch once and twice: what differs is unknown. */
export function factsOf(of: GradientCase, model: Model = modelWith(of)): Facts {
  const once = evaluate(model, new Map(Object.entries(of.inputs)));
  const twice = evaluate(
    model,
    new Map(
      Object.entries(of.inputs).map(([name, value]) => [
        name,
        of.batched?.includes(name) === true ? doubled(value) : value,
      ]),
    ),
  );
  return new Map(
    [...once].map(([name, { type, dims }]): [string, ValueFacts] => {
      const other = valueOf(twice, name).dims;
      return [name, { type, dims: dims.map((size, axis) => (other[axis] === size ? size : null)) }];
    }),
  );
}

function doubled(value: Value): Value {
  const numbers = numbersOf(value);
  const [batch = 1, ...rest] = value.dims;
  return { ...value, dims: [2 * batch, ...rest], data: Float64Array.from([...numbers, ...numbers]) };
}

function valueOf(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`no value \`${name}\``);
  return value;
}
