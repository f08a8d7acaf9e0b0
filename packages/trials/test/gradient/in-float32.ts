import { openSession, type TensorData } from '@holdfast/inference';
import { graphOf, type Model, modelOf, type Tensor, tensor, tensorValue, valuesOf, writeModel } from '@holdfast/onnx';
import { evaluate, fromNumbers, numbersOf, type Value } from '@holdfast/testkit/float64/evaluate';
import { gradientModel, gradientPort, ports } from '../../src/gradient/gradient-model.ts';
import { lowered, needsLowering } from '../../src/gradient/lowerings/index.ts';
import { factsOf, type GradientCase } from './gradient-case.ts';

/** How far the gradients of one case are from those of the oracle. */
export interface Deviation {
  /** The largest difference, in units of the largest entry of its gradient. */
  readonly worst: number;
  /** Entries that are not lost in rounding, and how many of them have another sign. */
  readonly signs: number;
  readonly wrongSigns: number;
}

/**
 * The gradient graph of a case in float32 on ONNX Runtime, against the same graph in the float64 oracle. Both are fed with the
 * same float32 numbers.
 */
export async function deviation(of: GradientCase): Promise<Deviation> {
  const single = inSingle(of);
  const plain = modelWith(single);
  const facts = factsOf(single, plain);
  const model = needsLowering(plain) ? lowered(plain, facts) : plain;
  const names = Object.keys(single.inputs).filter((name) => single.inputs[name]?.type === 'FLOAT');
  const gradients = gradientModel(model, {
    facts: model === plain ? facts : factsOf(single, model),
    output: 'y',
    loss: 'seed',
    withRespectTo: names,
  });
  const feeds = new Map(Object.entries(single.inputs));
  const y = evaluate(plain, feeds).get('y');
  if (y === undefined) throw new Error('no y');
  const seed = rounded(
    y.dims,
    Array.from({ length: y.data.length }, (_, index) => 0.5 + Math.cos(1 + 3 * index)),
  );
  const all = new Map([...feeds, [ports.seed, seed]]);
  const wanted = evaluate(gradients, all);
  const found = await onRuntime(gradients, all, names.map(gradientPort));
  return compared(names.map((name) => [found[gradientPort(name)]?.data, wanted.get(gradientPort(name))]));
}

async function onRuntime(model: Model, feeds: ReadonlyMap<string, Value>, names: readonly string[]) {
  const session = await openSession(writeModel(model), { threads: 1 });
  try {
    const fed = session.inputs.map(({ name }): [string, TensorData] => {
      const value = feeds.get(name);
      if (value === undefined) throw new Error(`nothing for ${name}`);
      const data = value.type === 'FLOAT' ? Float32Array.from(numbersOf(value)) : (value.data as BigInt64Array);
      return [name, { type: value.type, dims: value.dims, data }];
    });
    return await session.run(Object.fromEntries(fed), names);
  } finally {
    await session.release();
  }
}

function compared(pairs: readonly (readonly [TensorData['data'] | undefined, Value | undefined])[]): Deviation {
  let [worst, signs, wrongSigns] = [0, 0, 0];
  for (const [found, wanted] of pairs) {
    if (!(found instanceof Float32Array) || wanted === undefined) throw new Error('a gradient is missing');
    const exact = numbersOf(wanted);
    if (found.length !== exact.length) throw new Error(`${found.length} entries instead of ${exact.length}`);
    const scale = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    for (const [index, value] of exact.entries()) {
      const entry = found[index] ?? Number.NaN;
      const difference = Math.abs(entry - value) / scale;
      if (!(difference <= worst)) worst = difference;
      if (Math.abs(value) <= 1e-5 * scale) continue;
      signs += 1;
      if (Math.sign(entry) !== Math.sign(value)) wrongSigns += 1;
    }
  }
  return { worst, signs, wrongSigns };
}

function rounded(dims: readonly number[], data: ArrayLike<number>): Value {
  return fromNumbers('FLOAT', dims, Float32Array.from(data));
}

/** DOUBLE made FLOAT, with the numbers rounded. */
function inSingle(of: GradientCase): GradientCase {
  const inputs = Object.entries(of.inputs).map(([name, value]): [string, Value] => [
    name,
    value.type === 'DOUBLE' ? rounded(value.dims, numbersOf(value)) : value,
  ]);
  const single = (constant: Tensor): Tensor =>
    constant.dataType === 'DOUBLE'
      ? tensor(constant.name, constant.dims, Float32Array.from(valuesOf(constant, 'DOUBLE')))
      : constant;
  return { ...of, inputs: Object.fromEntries(inputs), constants: (of.constants ?? []).map(single) };
}

function modelWith({ nodes, inputs, constants = [], opset = 18 }: GradientCase): Model {
  const ins = Object.entries(inputs).map(([name, { type, dims }]) =>
    tensorValue(
      name,
      type,
      dims.map(() => null),
    ),
  );
  return modelOf({
    graph: graphOf({ name: 'case', nodes, inputs: ins, outputs: [{ name: 'y' }], initializers: constants }),
    opsets: { '': opset },
  });
}
