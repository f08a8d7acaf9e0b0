import { openSession, type TensorData } from '@holdfast/inference';
import { graphOf, type Model, modelOf, type Tensor, tensor, tensorValue, valuesOf, writeModel } from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { evaluate, floats, numbersOf, type Value } from '@holdfast/testkit/float64/evaluate';
import { describe, expect, it } from 'vitest';
import { gradientModel, gradientPort, ports } from '../../src/gradient/gradient-model.ts';
import { probeFacts } from '../../src/gradient/probe-facts.ts';
import { cases } from './cases.ts';
import type { GradientCase } from './gradient-case.ts';

/** Configurations of every operator; the long test draws fifty times as many. */
const draws = process.env['HOLDFAST_LONG'] === '1' ? 100 : 2;
/** Slopes compared, and those of the wrong sign. */
const signs = { compared: 0, wrong: 0 };

function single(constant: Tensor): Tensor {
  if (constant.dataType !== 'DOUBLE') return constant;
  return tensor(constant.name, constant.dims, Float32Array.from(valuesOf(constant, 'DOUBLE')));
}

function singleModel({ nodes, inputs, constants = [], opset = 18 }: GradientCase): Model {
  const ins = Object.entries(inputs).map(([name, { dims }]) =>
    tensorValue(
      name,
      'FLOAT',
      dims.map((_, axis) => `${name}${String(axis)}`),
    ),
  );
  return modelOf({
    graph: graphOf({
      ...{ name: 'case', nodes, inputs: ins, outputs: [{ name: 'y' }] },
      initializers: constants.map(single),
    }),
    opsets: { '': opset },
  });
}

const fed = ({ dims, data }: Value): TensorData => ({
  type: 'FLOAT',
  dims,
  data: Float32Array.from(data as Float64Array),
});
const exact = ({ dims, data }: TensorData): Value => floats(dims, Float64Array.from(data as Float32Array), 'FLOAT');

/** The largest difference between the runtime in float32 and the oracle, of the same gradient graph, in units of the largest slope. */
async function difference(of: GradientCase): Promise<number> {
  const model = singleModel(of);
  const feeds = Object.fromEntries(Object.entries(of.inputs).map(([name, value]) => [name, fed(value)]));
  const facts = await probeFacts(model, [feeds, feeds]);
  const names = Object.keys(feeds);
  const gradients = gradientModel(model, { facts, output: 'y', loss: 'seed', withRespectTo: names });
  const { type, dims } = facts.get('y')!;
  const size = dims.reduce<number>((product, each) => product * (each ?? 1), 1);
  const weights = Float32Array.from({ length: size }, (_, index) => Math.cos(1 + 3 * index));
  const seed = {
    type,
    dims: dims.map((each) => each ?? 1),
    data: type === 'DOUBLE' ? Float64Array.from(weights) : weights,
  } as TensorData;
  const all = { ...feeds, [ports.seed]: seed };
  const session = await openSession(writeModel(gradients), { threads: 1 });
  const found = await session.run(all, names.map(gradientPort));
  await session.release();
  const wanted = evaluate(gradients, new Map(Object.entries(all).map(([name, value]) => [name, exact(value)])));
  let [most, scale] = [0, 1e-3];
  for (const port of names.map(gradientPort)) {
    const truth = numbersOf(wanted.get(port)!);
    const computed = found[port]!.data as Float32Array;
    expect(computed.length).toBe(truth.length);
    truth.forEach((value, index) => {
      most = Math.max(most, Math.abs(value - computed[index]!));
      scale = Math.max(scale, Math.abs(value));
      signs.compared += 1;
      if (Math.sign(value) !== Math.sign(computed[index]!)) signs.wrong += 1;
    });
  }
  return most / scale;
}

describe('ONNX Runtime computes gradients in float32 as the oracle does', () => {
  for (const [operator, draw] of Object.entries(cases)) {
    it(operator, async () => {
      const drawn = Array.from({ length: 4 * draws }, (_, index) => draw(randomOf(`${operator}/single/${index}`)));
      const taken = drawn.filter(({ notOnRuntime }) => notOnRuntime !== true).slice(0, draws);
      expect(taken).toHaveLength(draws);
      for (const [index, one] of taken.entries()) {
        expect.soft(await difference(one), `draw ${index}`).toBeLessThan(1e-5);
      }
    });
  }
});

it('of ten thousand signs one may differ', () => {
  expect(signs.wrong).toBeLessThanOrEqual(signs.compared / 10_000);
});
