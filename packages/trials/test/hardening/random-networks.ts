import { openSession } from '@holdfast/inference';
import { type Graph, graphOf, type Model, modelOf, type NodeOptions, node, tensor, tensorValue } from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { evaluate, floats, numbersOf } from '@holdfast/testkit/float64/evaluate';
import fc from 'fast-check';
import { expect } from 'vitest';
import { prune } from '../../src/hardening/prune.ts';
import { quantise } from '../../src/hardening/quantise.ts';
import { exactBits } from './exact-bits.ts';
import { requireSound } from './ready.ts';

/** One step: an operator over values that are there already, and which of the shared constants it reads. */
const step = fc.record({
  operator: fc.constantFrom(
    'Gemm',
    'MatMul',
    'Conv',
    'Relu',
    'Add',
    'MaxPool',
    'Transpose',
    'Reshape',
    'Clip',
    'Sigmoid',
  ),
  from: fc.nat(),
  and: fc.nat(),
  weights: fc.integer({ min: 0, max: 2 }),
  isOutput: fc.boolean(),
});
const shape = fc.record({
  steps: fc.array(step, { minLength: 2, maxLength: 9 }),
  activations: fc.constantFrom('uint8' as const, 'int8' as const),
  weights: fc.constantFrom('per-channel' as const, 'per-tensor' as const),
  exclude: fc.constantFrom<readonly string[]>([], ['Conv_1'], ['square_0']),
  seed: fc.integer(),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

const attributesOf: Readonly<Record<string, NonNullable<NodeOptions['attributes']>>> = {
  Conv: { pads: [1n, 1n, 1n, 1n] },
  MaxPool: { kernel_shape: [3n, 3n], pads: [1n, 1n, 1n, 1n] },
  Transpose: { perm: [0n, 1n, 3n, 2n] },
};

/** Every value is [N, 1, 3, 3] or, for Gemm, made [3N, 3] and back: any operator can follow any other. */
function networkOf({ steps, seed }: Shape): Model {
  const random = randomOf(seed);
  const noise = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal() / 2);
  const values = ['x'];
  const nodes: Graph['nodes'][number][] = [];
  const outputs = new Set<string>();
  for (const [place, { operator, from, and, weights, isOutput }] of steps.entries()) {
    const [first, second] = [values[from % values.length] ?? 'x', values[and % values.length] ?? 'x'];
    const [output, name] = [`v${place}`, `${operator}_${place}`];
    const attributes = attributesOf[operator] ?? {};
    if (operator === 'Gemm') {
      nodes.push(node('Reshape', [first, 'flat'], [`${output}f`]));
      nodes.push(
        node('Gemm', [`${output}f`, `square_${weights}`, 'row'], [`${output}g`], { name, attributes: { alpha: 0.5 } }),
      );
      nodes.push(node('Reshape', [`${output}g`, 'image'], [output]));
    } else {
      const more: Record<string, string[]> = {
        ...{
          MatMul: [`square_${weights}`],
          Conv: [`kernel_${weights}`, 'one'],
          Add: [second],
          Reshape: ['image'],
          Clip: ['low', 'high'],
        },
      };
      nodes.push(node(operator, [first, ...(more[operator] ?? [])], [output], { name, attributes }));
    }
    values.push(output);
    if (isOutput || place === steps.length - 1) outputs.add(output);
  }
  const graph = graphOf({
    name: 'random',
    nodes,
    inputs: [tensorValue('x', 'FLOAT', ['N', 1, 3, 3])],
    outputs: [...outputs].map((name) => tensorValue(name, 'FLOAT', [null, 1, 3, 3])),
    initializers: [
      ...[0, 1, 2].map((index) => tensor(`square_${index}`, [3, 3], noise(9))),
      ...[0, 1, 2].map((index) => tensor(`kernel_${index}`, [1, 1, 3, 3], noise(9))),
      tensor('row', [3], noise(3)),
      tensor('one', [1], noise(1)),
      tensor('low', [], Float32Array.of(-1)),
      tensor('high', [], Float32Array.of(1.5)),
      tensor('flat', [2], BigInt64Array.of(-1n, 3n)),
      tensor('image', [4], BigInt64Array.of(-1n, 1n, 3n, 3n)),
    ],
  });
  return modelOf({ graph, opsets: { '': 17 } });
}

const hasLayer = ({ steps, exclude }: Shape): boolean =>
  steps.some(({ operator, weights }, place) => {
    const isExcluded = exclude.includes(`${operator}_${place}`) || exclude.includes(`square_${weights}`);
    return ['Gemm', 'MatMul', 'Conv'].includes(operator) && !isExcluded;
  });

/** Quantises and prunes random networks: they keep inputs and outputs and, nearly, what they compute. */
export async function hardenRandomNetworks(numRuns: number, seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(shape.filter(hasLayer), async (drawn) => {
      const model = networkOf(drawn);
      const random = randomOf(drawn.seed);
      const data = Float32Array.from({ length: 36 }, () => random.normal());
      const x = { type: 'FLOAT', dims: [4, 1, 3, 3], data } as const;
      const found = await quantise(model, [{ x }], { ...drawn, weightBits: exactBits });
      const session = await openSession(await requireSound(found.model, model), { threads: 1 });
      const given = await session.run({ x });
      await session.release();
      const feeds = new Map([['x', floats(x.dims, Float64Array.from(data))]]);
      const [before, after] = [evaluate(model, feeds), evaluate(found.model, feeds)];
      for (const { name } of model.graph.outputs) {
        const [wanted, exact] = [before, after].map((values) => [
          ...numbersOf(values.get(name) ?? floats([0], new Float64Array(0))),
        ]);
        const reach = Math.max(...(wanted ?? []).map(Math.abs), 0.5);
        for (const [index, value] of (given[name]?.data as Float32Array).entries()) {
          // what the runtime fuses may round the other way, once for each layer on the way
          expect(Math.abs(value - (exact?.[index] ?? Number.NaN))).toBeLessThan(0.12 * reach);
          expect(Math.abs(value - (wanted?.[index] ?? Number.NaN))).toBeLessThan(0.35 * reach);
        }
      }
      const cut = prune(model, { share: 0.5 });
      await requireSound(cut.model, model);
    }),
    { numRuns, seed },
  );
}
