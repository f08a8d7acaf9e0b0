import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Graph,
  graphOf,
  type Model,
  modelOf,
  node,
  tensor,
  tensorValue,
  valuesOf,
  writeModel,
} from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { prune } from '../../src/hardening/prune.ts';
import { corpus } from '../corpus.ts';
import { answers, digest, modelOfCorpus, relativeError, requireSound, rowsOfData } from './ready.ts';

interface Recorded {
  readonly pruned: {
    readonly cases: readonly {
      readonly share: number;
      readonly channels: Readonly<Record<string, readonly number[]>>;
    }[];
  };
}
const { pruned } = JSON.parse(readFileSync(join(corpus, 'recorded/compression.json'), 'utf8')) as Recorded;

/** The model with weights and biases of other channels than these at 0: what is left when nothing is taken out. */
function silenced(model: Model, layers: readonly (readonly [string, string, readonly number[]])[]): Model {
  const initializers = new Map(model.graph.initializers);
  for (const [weight, bias, kept] of layers) {
    for (const name of [weight, bias]) {
      const constant = initializers.get(name);
      if (constant === undefined) throw new Error(`no ${name}`);
      const values = valuesOf(constant, 'FLOAT');
      const each = values.length / (constant.dims[0] ?? 1);
      initializers.set(
        name,
        tensor(
          name,
          constant.dims,
          values.map((value, index) => (kept.includes(Math.floor(index / each)) ? value : 0)),
        ),
      );
    }
  }
  return { ...model, graph: { ...model.graph, initializers } };
}

describe('channels', () => {
  it.each(['digits-cnn.export-18', 'digits-cnn.trace-11'])(
    'of %s go where PyTorch 2.15.0 cuts them (ln_structured, n = 1), and the rest gives what it gave',
    async (name) => {
      const wanted = pruned.cases.find(({ share }) => share === 0.5)?.channels ?? {};
      const model = modelOfCorpus(name);
      const found = prune(model, { share: 0.5, scope: 'layer', structure: 'channels' });
      const inner = ['conv1', 'conv2', 'fc1'] as const;
      expect(found.layers.map(({ channels }) => channels)).toEqual([
        { before: 8, after: 4 },
        { before: 16, after: 8 },
        { before: 32, after: 16 },
      ]);
      expect(found.left.map(({ why }) => why)).toEqual(['its channels are an output']);
      const dims = (weight: string) => found.model.graph.initializers.get(weight)?.dims;
      expect(inner.map((layer) => dims(`${layer}.weight`))).toEqual([
        [4, 1, 3, 3],
        [8, 4, 3, 3],
        [16, 32],
      ]);
      expect(dims('fc2.weight')).toEqual([10, 16]);
      const file = await requireSound(found.model, model);
      const test = rowsOfData('digits', 'test', 200);
      const kept = inner.map((layer) => [`${layer}.weight`, `${layer}.bias`, wanted[`${layer}.weight`] ?? []] as const);
      const [small, silent] = [await answers(file, test), await answers(writeModel(silenced(model, kept)), test)];
      expect(relativeError(small.values, silent.values)).toBeLessThan(1e-6);
      expect(file.length).toBeLessThan(0.5 * writeModel(model).length);
    },
  );

  it('compared with each other go where they are small for their layer; each keeps one, and bytes stay the same', () => {
    const model = modelOfCorpus('digits-cnn.export-18');
    const { model: after, layers } = prune(model, { share: 0.95, structure: 'channels' });
    expect(layers.reduce((sum, { channels }) => sum + (channels?.after ?? 0), 0)).toBe(56 - Math.round(0.95 * 56));
    for (const { channels } of layers) expect(channels?.after).toBeGreaterThanOrEqual(1);
    expect(digest(writeModel(prune(model, { share: 0.95, structure: 'channels' }).model))).toBe(
      digest(writeModel(after)),
    );
  });

  it('are normalised as before: statistics shrink too', async () => {
    const model = withNormalisation();
    const { model: after } = prune(model, { share: 0.5, structure: 'channels' });
    const dims = (name: string) => after.graph.initializers.get(name)?.dims;
    expect(['gamma', 'beta', 'mean', 'variance'].map(dims)).toEqual([[2], [2], [2], [2]]);
    expect([dims('w1'), dims('w2')]).toEqual([
      [2, 1, 1, 1],
      [8, 3],
    ]);
    const { samples, dims: shape } = { samples: { x: noise(32), labels: new Int32Array(8) }, dims: [1, 2, 2] };
    const x = { type: 'FLOAT', dims: [8, ...shape], data: samples.x } as const;
    const rows = { x, samples, dims: shape };
    // channels 1 and 3 are the larger ones; γ and β of the others at 0 silence them
    const initializers = new Map(model.graph.initializers);
    for (const name of ['gamma', 'beta']) {
      const values = valuesOf(initializers.get(name) ?? tensor('', [0], new Float32Array(0)), 'FLOAT');
      initializers.set(
        name,
        tensor(
          name,
          [4],
          values.map((value, channel) => (channel % 2 === 1 ? value : 0)),
        ),
      );
    }
    const silent = writeModel({ ...model, graph: { ...model.graph, initializers } });
    const found = await answers(await requireSound(after, model), rows);
    expect(relativeError(found.values, (await answers(silent, rows)).values)).toBeLessThan(1e-6);
  });

  it('stay where something else reads them, and the answer says what', () => {
    const model = modelOfCorpus('digits-residual.export-18');
    const { layers, left } = prune(model, { share: 0.5, structure: 'channels' });
    expect(layers.map(({ layer, channels }) => [layer, channels?.after])).toEqual([['node_Conv_43', 6]]);
    expect(left.map(({ layer, why }) => [layer, why])).toEqual([
      ['node_conv2d', '`node_add` (Add) reads its channels'],
      ['node_Conv_44', '`node_add` (Add) reads its channels'],
      ['node_linear', 'its channels are an output'],
    ]);
  });

  it.each(Object.entries(blocked()))('are not taken out: %s', (_, [model, why]) => {
    const refused = () => prune(model, { share: 0.5, structure: 'channels' });
    expect(refused).toThrow(expect.objectContaining({ code: 'HF_TRIALS_COMPRESSION' }) as Error);
    try {
      refused();
    } catch (cause) {
      expect((cause as { where: string }).where).toContain(why);
    }
  });
});

function noise(count: number): Float32Array {
  const random = randomOf('channels');
  return Float32Array.from({ length: count }, () => random.normal());
}

/** x [N, 1, 2, 2] → Conv of four channels → BatchNormalization → Relu → Flatten → Gemm [16, 3]. */
function withNormalisation(): Model {
  const graph = graphOf({
    name: 'normalised',
    nodes: [
      node('Conv', ['x', 'w1'], ['c'], { name: 'first' }),
      node('BatchNormalization', ['c', 'gamma', 'beta', 'mean', 'variance'], ['n']),
      node('Relu', ['n'], ['r']),
      node('Flatten', ['r'], ['f']),
      node('Gemm', ['f', 'w2'], ['y'], { name: 'last' }),
    ],
    inputs: [tensorValue('x', 'FLOAT', ['N', 1, 2, 2])],
    outputs: [tensorValue('y', 'FLOAT', ['N', 3])],
    initializers: [
      tensor('w1', [4, 1, 1, 1], Float32Array.of(0.1, -2, 0.2, 1.5)),
      ...['gamma', 'beta', 'mean'].map((name, place) =>
        tensor(
          name,
          [4],
          noise(4).map((value) => value + place),
        ),
      ),
      tensor('variance', [4], Float32Array.of(1, 2, 3, 4)),
      tensor('w2', [16, 3], noise(48)),
    ],
  });
  return modelOf({ graph, opsets: { '': 18 } });
}

/** Models of which no channel can go, and why. */
function blocked(): Record<string, [Model, string]> {
  const square = (name: string) => tensor(name, [4, 4], noise(16));
  const of = (nodes: Graph['nodes'], outputs = ['y'], more: readonly string[] = ['w', 'v']): Model =>
    modelOf({
      graph: graphOf({
        name: 'blocked',
        nodes,
        inputs: [tensorValue('x', 'FLOAT', ['N', 4])],
        outputs: outputs.map((name) => tensorValue(name, 'FLOAT', ['N', 4])),
        initializers: [
          ...more.map(square),
          tensor('pairs', [2], BigInt64Array.of(-1n, 8n)),
          tensor('w8', [8, 4], noise(32)),
        ],
      }),
      opsets: { '': 18 },
    });
  const first = node('Gemm', ['x', 'w'], ['h'], { name: 'first' });
  const last = node('Gemm', ['h', 'v'], ['y'], { name: 'last' });
  return {
    'an output': [of([first, last], ['y', 'h']), '`first`: its channels are an output'],
    'shared weights': [of([first, node('Gemm', ['h', 'w'], ['y'])]), '`first`: `w` is used more than once'],
    'a softmax over them': [
      of([first, node('Softmax', ['h'], ['s']), node('Gemm', ['s', 'v'], ['y'])]),
      '`first`: `s` (Softmax) reads its channels',
    ],
    'two rows made one': [
      of([first, node('Reshape', ['h', 'pairs'], ['p']), node('Gemm', ['p', 'w8'], ['y'])]),
      '`first`: `p` (Reshape) reads its channels',
    ],
    'a transposed input': [
      of([node('Gemm', ['x', 'w'], ['h'], { name: 'first', attributes: { transA: 1n } }), last]),
      '`first`: its input is transposed',
    ],
  };
}
