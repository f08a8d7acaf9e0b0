import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSession, type TensorData } from '@holdfast/inference';
import { graphOf, modelOf, tensorValue, writeModel } from '@holdfast/onnx';
import { describe, expect, it } from 'vitest';
import { gradientModel, gradientPort, ports } from '../../src/gradient/gradient-model.ts';
import { probeFacts } from '../../src/gradient/probe-facts.ts';
import { corpus } from '../corpus.ts';
import { type KinkGraph, kinkGraphs } from './kink-graphs.ts';

/** Dimensions and numbers, those beyond JSON as texts. */
type Recorded = readonly [dims: readonly number[], numbers: readonly (number | string)[]];

interface Kink {
  readonly torch: string;
  readonly inputs: Readonly<Record<string, Recorded>>;
  readonly seed: Recorded;
  readonly output: Recorded;
  readonly gradients: Readonly<Record<string, Recorded>>;
}

const { cases } = JSON.parse(readFileSync(join(corpus, 'kinks.json'), 'utf8')) as { cases: Record<string, Kink> };

const numbersOf = ([, numbers]: Recorded): number[] => numbers.map(Number);
const fed = ([dims, numbers]: Recorded): TensorData => ({
  type: 'FLOAT',
  dims,
  data: Float32Array.from(numbers, Number),
});

/** What ONNX Runtime makes of the output and of the gradients. */
async function computed(
  { nodes, constants = [], opset = 18 }: KinkGraph,
  kink: Kink,
): Promise<Record<string, number[]>> {
  const inputs = Object.entries(kink.inputs).map(([name, [dims]]) =>
    tensorValue(
      name,
      'FLOAT',
      dims.map(() => null),
    ),
  );
  const graph = graphOf({ name: 'kink', nodes, inputs, outputs: [{ name: 'y' }], initializers: constants });
  const model = modelOf({ graph, opsets: { '': opset } });
  const feeds = Object.fromEntries(Object.entries(kink.inputs).map(([name, value]) => [name, fed(value)]));
  const facts = await probeFacts(model, [feeds, feeds]);
  const names = Object.keys(feeds);
  const gradients = gradientModel(model, { facts, output: 'y', loss: 'seed', withRespectTo: names });
  const session = await openSession(writeModel(gradients), { threads: 1 });
  const found = await session.run({ ...feeds, [ports.seed]: fed(kink.seed) });
  await session.release();
  const list = (name: string): number[] => Array.from(found[name]!.data, Number);
  return { y: list('y'), ...Object.fromEntries(names.map((name) => [name, list(gradientPort(name))])) };
}

/** Equal as float32 goes, in units of the greatest number; NaN and infinities are equal to themselves only. */
function areClose(found: readonly number[], wanted: readonly number[]): boolean {
  const scale = wanted.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 1);
  const isNear = (value: number, index: number): boolean =>
    Object.is(value + 0, found[index]! + 0) || Math.abs(found[index]! - value) <= 2e-6 * scale;
  return found.length === wanted.length && wanted.every(isNear);
}

function expectClose(found: readonly number[], wanted: readonly number[], what: string): void {
  if (!areClose(found, wanted)) expect.fail(`${what}: [${found.join(', ')}], expected [${wanted.join(', ')}]`);
}

/** Where the gradients are others than PyTorch's, why, and what they are. */
const exceptions: Readonly<Record<string, { readonly why: string; readonly gradients: Record<string, number[]> }>> = {
  'Clip with bounds that are one': {
    why: 'both bounds and x tie: PyTorch gives all to x, here each bound takes its half of a tie',
    gradients: { x: [0, 1, 0], low: [2], high: [4] },
  },
  'TopK of equals': {
    why: 'of equals, ONNX takes those that come first, and PyTorch does not say which',
    gradients: { x: [0, 1, 2, 0, 3, 4, 0, 0] },
  },
  'TopK, least of equals': {
    why: 'of equals, ONNX takes those that come first, and PyTorch does not say which',
    gradients: { x: [1, 0, 2, 0, 3, 4, 0, 0] },
  },
  'LpNormalization at 0': {
    why: 'of zeros, the operator gives zeros; torch.nn.functional.normalize divides by 1e-12',
    gradients: { x: [0, 0, 0, 0] },
  },
  'LpNormalization at 0, by sums': {
    why: 'of zeros, the operator gives zeros; torch.nn.functional.normalize divides by 1e-12',
    gradients: { x: [0, 0, 0, 4 / 3] },
  },
};

describe('ties, kinks and 0 · infinity', () => {
  it('are what was recorded', () => {
    expect(Object.keys(kinkGraphs).toSorted()).toEqual(Object.keys(cases).toSorted());
  });

  for (const [name, kink] of Object.entries(cases)) {
    const exception = exceptions[name];
    it(`${name} ${exception === undefined ? 'is as in PyTorch' : `is not: ${exception.why}`}: ${kink.torch}`, async () => {
      const { y = [], ...gradients } = await computed(kinkGraphs[name]!, kink);
      expectClose(y, numbersOf(kink.output), 'y');
      for (const [input, recorded] of Object.entries(kink.gradients)) {
        const wanted = exception?.gradients[input] ?? numbersOf(recorded);
        expectClose(gradients[input] ?? [], wanted, `gradient of ${input}`);
      }
    });
  }

  it.each(Object.entries(exceptions))('%s is an exception', (name, { gradients }) => {
    const differs = Object.entries(gradients).some(
      ([input, ours]) => !areClose(ours, numbersOf(cases[name]!.gradients[input]!)),
    );
    expect(differs).toBe(true);
  });
});
