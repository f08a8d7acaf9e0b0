import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  graphOf,
  type Model,
  modelOf,
  type Node,
  node,
  readModel,
  type Tensor,
  tensor,
  tensorValue,
  writeModel,
} from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { openVictim } from '../src/onnx-victim.ts';
import { defenceSigns } from '../src/robustness/defence-signs.ts';
import { robustnessOptions } from '../src/robustness/options.ts';
import { presetBall, presets } from '../src/robustness/presets.ts';
import { unsteadyNodes } from '../src/robustness/unsteady-nodes.ts';
import { samplesOf } from './autoattack-recorded.ts';
import { corpus, recorded } from './corpus.ts';

const random = randomOf('signs');
const weights = tensor('w', [4, 4], random.fillNormal(new Float32Array(16)));
const truth = (name: string, value: 0 | 1): Tensor => ({ ...tensor(name, [], Uint8Array.of(value)), dataType: 'BOOL' });
const half = tensor('half', [], Float32Array.of(0.5));
const ones = ['scale', 'bias', 'mean', 'deviation'].map((name) =>
  tensor(name, [4], new Float32Array(4).fill(name === 'scale' || name === 'deviation' ? 1 : 0)),
);

/** x [N, 4] through nodes that make y [N, 4] of h = x·w. */
const model = (...nodes: readonly Node[]): Uint8Array => writeModel(graphed(nodes));

function graphed(nodes: readonly Node[]): Model {
  const graph = graphOf({
    name: 'signs',
    nodes: [node('MatMul', ['x', 'w'], ['h']), ...nodes],
    inputs: [tensorValue('x', 'FLOAT', ['N', 4])],
    outputs: [tensorValue('y', 'FLOAT', ['N', 4])],
    initializers: [weights, half, ...ones, truth('yes', 1), truth('no', 0)],
  });
  return modelOf({ graph, opsets: { '': 18 } });
}

const x = random.fillUniform(new Float32Array(4 * 40));

async function rulesOf(bytes: Uint8Array): Promise<string[]> {
  const victim = await openVictim(bytes, { threads: 1 });
  const threat = { ball: { norm: 'linf', epsilon: 0.1 }, bounds: { low: 0, high: 1 } } as const;
  const samples = { x, labels: await victim.classify(x) };
  const signs = await defenceSigns({ victim, model: readModel(bytes), samples, threat, random: randomOf(0) });
  await victim.release();
  return signs.map(({ rule }) => rule.replace('trial.robustness.', ''));
}

describe("AutoAttack's warnings", () => {
  it('nothing is said of a model that only computes', async () => {
    expect(await rulesOf(model(node('Relu', ['h'], ['r']), node('Add', ['r', 'h'], ['y'])))).toEqual([]);
    expect(await rulesOf(model(node('Dropout', ['h', 'half', 'no'], ['y'])))).toEqual([]);
    expect(await rulesOf(model(node('Softmax', ['h'], ['y'])))).toEqual([]);
  });

  it.each([
    ['noise', [node('RandomNormalLike', ['h'], ['n']), node('Add', ['h', 'n'], ['y'])]],
    ['dropout as in training', [node('Dropout', ['h', 'half', 'yes'], ['y'])]],
  ])('random answers: %s', async (_, nodes) => {
    expect(await rulesOf(model(...nodes))).toEqual(expect.arrayContaining(['randomised', 'operators']));
  });

  it('answers that the rest of the batch changes', async () => {
    const centred = [node('ReduceMean', ['h', 'first'], ['m']), node('Sub', ['h', 'm'], ['y'])];
    const withAxes = [node('Constant', [], ['first'], { attributes: { value_ints: [0n] } }), ...centred];
    expect(await rulesOf(model(...withAxes))).toEqual(['dynamic']);
  });

  it('probabilities that are no softmax of logits, and rows without a gradient', async () => {
    const shares = [
      ...[node('Sigmoid', ['h'], ['s']), node('ReduceL1', ['s', 'last'], ['t']), node('Div', ['s', 't'], ['y'])],
    ];
    const last = node('Constant', [], ['last'], { attributes: { value_ints: [-1n] } });
    expect(await rulesOf(model(last, ...shares))).toEqual(['probabilities']);
    expect(await rulesOf(model(node('Sign', ['h'], ['s']), node('Mul', ['s', 'half'], ['y'])))).toContain('flat');
  });

  it('nothing but flat starts is said of real networks, of whose softmax the input counts', async () => {
    const { results } = recorded('digits-cnn', 'autoattack') as { results: { warnings: string[] }[] };
    expect(results.flatMap(({ warnings }) => warnings.filter((each) => !each.startsWith('there are')))).toEqual([]);
    for (const file of ['digits-cnn.export-18.onnx', 'digits-mlp-softmax.export-18.onnx']) {
      const bytes = readFileSync(join(corpus, 'models', file));
      const victim = await openVictim(bytes, { threads: 1 });
      const threat = { ball: { norm: 'linf', epsilon: 0.1 }, bounds: { low: 0, high: 1 } } as const;
      const about = { victim, model: readModel(bytes), samples: samplesOf('digits', 50), threat, random: randomOf(0) };
      const signs = await defenceSigns(about);
      await victim.release();
      expect(signs.filter(({ rule }) => rule !== 'trial.robustness.flat')).toEqual([]);
    }
  });
});

describe('operators that are not steady', () => {
  const unsteady = (...nodes: readonly Node[]): string[] =>
    unsteadyNodes(graphed(nodes)).map(({ opType, why }) => `${opType} ${why}`);

  it('are found by what they do', () => {
    const statistics = ['h', 'scale', 'bias', 'mean', 'deviation'];
    const training = { attributes: { training_mode: 1n } };
    expect(unsteady(node('BatchNormalization', statistics, ['y', 'm', 'v'], training))).toEqual([
      'BatchNormalization looks at the whole batch',
    ]);
    expect(unsteady(node('BatchNormalization', statistics, ['y']))).toEqual([]);
    expect(unsteady(node('Bernoulli', ['h'], ['y']))).toEqual(['Bernoulli draws random numbers']);
    const learns = node('Gradient', ['x', 'w'], ['y'], { domain: 'ai.onnx.preview.training' });
    expect(unsteady(learns)).toEqual(['Gradient learns while it answers']);
    const other = node('RandomNormal', [], ['y'], { domain: 'com.example' });
    expect(unsteady(other)).toEqual([]);
  });

  it('are found in branches; a mode that is not in the file may be anything', () => {
    const graph = (name: string, inner: Node) =>
      ({
        type: 'GRAPH',
        value: graphOf({ name, nodes: [inner], inputs: [], outputs: [{ name: 'z' }], initializers: [] }),
      }) as const;
    const branches = {
      then_branch: graph('a', node('Dropout', ['h', 'half', 'yes'], ['z'])),
      else_branch: graph('b', node('Dropout', ['h', 'half', 'no'], ['z'])),
    };
    expect(unsteady(node('If', ['yes'], ['y'], { attributes: branches }))).toEqual(['Dropout draws random numbers']);
    expect(unsteady(node('Not', ['no'], ['t']), node('Dropout', ['h', 'half', 't'], ['y']))).toEqual([
      'Dropout draws random numbers',
    ]);
  });
});

describe('presets', () => {
  it('are radii of RobustBench, in the units of the data', () => {
    // the `eps` of RobustBench's model_info (commit 00c29cd and later): 8/255, 0.5, 8/255, 4/255
    expect(Object.entries(presets).map(([name, { norm, epsilon }]) => [name, norm, epsilon])).toEqual([
      ['cifar10-linf', 'linf', 8 / 255],
      ['cifar10-l2', 'l2', 0.5],
      ['cifar100-linf', 'linf', 8 / 255],
      ['imagenet-linf', 'linf', 4 / 255],
    ]);
    expect(presetBall('imagenet-linf', { low: 0, high: 255 })).toEqual({ norm: 'linf', epsilon: 4 });
    const { ball } = robustnessOptions({ data: 'd.npz', preset: 'cifar10-l2' });
    expect(ball).toEqual({ norm: 'l2', epsilon: 0.5 });
  });

  it.each([
    [{ preset: 'mnist' }, 'is none of `cifar10-linf`'],
    [{ preset: 'cifar10-l2', epsilon: 0.5 }, '`epsilon` is given by `preset` already'],
    [{ preset: 'cifar10-l2', norm: 'l2' }, '`norm` is given by `preset` already'],
    [{}, '`epsilon` is missing'],
  ])('%o is refused', (given, words) => {
    expect(() => robustnessOptions({ data: 'd.npz', ...given })).toThrow(words);
  });
});
