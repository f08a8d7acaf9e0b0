import type { TensorData } from '@holdfast/inference';
import { type AttributeWithValue, graphOf, type Model, modelOf, node, tensor, tensorValue } from '@holdfast/onnx';
import { probeFacts } from '@holdfast/trials';
import { describe, expect, it } from 'vitest';

const rows = (count: number, width = 4): TensorData => ({
  type: 'FLOAT',
  dims: [count, width],
  data: new Float32Array(count * width),
});
const feeds = [{ x: rows(2) }, { x: rows(3) }];

function modelWith(nodes: readonly ReturnType<typeof node>[], output: string, opsets = { '': 17 }): Model {
  const graph = graphOf({
    name: 'probed',
    inputs: [tensorValue('x', 'FLOAT', ['n', 4])],
    outputs: [{ name: output }],
    nodes,
    initializers: [
      tensor('w', [4, 3], new Float32Array(12)),
      tensor('one', [1], BigInt64Array.of(1n)),
      tensor('flat', [1], BigInt64Array.of(-1n)),
    ],
  });
  return modelOf({ graph, opsets });
}

describe('what is known of the values of a model', () => {
  it('is their types and dimensions, null where the batch shows', async () => {
    const model = modelWith(
      [
        node('MatMul', ['x', 'w'], ['m']),
        node('Transpose', ['m'], ['t']),
        node('Reshape', ['m', 'flat'], ['f']),
        node('ArgMax', ['m'], ['a'], { attributes: { axis: 1n, keepdims: 0n } }),
        node('ReduceMean', ['f'], ['s'], { attributes: { keepdims: 0n } }),
        node('Greater', ['f', 's'], ['g']),
        node('Dropout', ['f'], ['d', '']),
        node('Unsqueeze', ['d', 'one'], ['u']),
      ],
      'u',
    );
    expect(Object.fromEntries(await probeFacts(model, feeds))).toEqual({
      x: { type: 'FLOAT', dims: [null, 4] },
      w: { type: 'FLOAT', dims: [4, 3] },
      one: { type: 'INT64', dims: [1] },
      flat: { type: 'INT64', dims: [1] },
      m: { type: 'FLOAT', dims: [null, 3] },
      t: { type: 'FLOAT', dims: [3, null] },
      f: { type: 'FLOAT', dims: [null] },
      a: { type: 'INT64', dims: [null] },
      s: { type: 'FLOAT', dims: [] },
      g: { type: 'BOOL', dims: [null] },
      d: { type: 'FLOAT', dims: [null] },
      u: { type: 'FLOAT', dims: [null, 1] },
    });
  });

  it('leaves out sequences and what does not come to Node, and finds everything beside them', async () => {
    const model = modelWith(
      [
        node('SplitToSequence', ['x'], ['parts'], { attributes: { axis: 1n } }),
        node('ConcatFromSequence', ['parts'], ['joined'], { attributes: { axis: 1n } }),
        node('Cast', ['joined'], ['narrow'], { attributes: { to: 16n } }),
        node('Cast', ['narrow'], ['wide'], { attributes: { to: 11n } }),
        node('Exp', ['wide'], ['e']),
      ],
      'e',
    );
    const facts = await probeFacts(model, feeds);
    expect([...facts.keys()].toSorted()).toEqual(['e', 'flat', 'joined', 'one', 'w', 'wide', 'x']);
    expect(facts.get('joined')).toEqual({ type: 'FLOAT', dims: [null, 4] });
    expect(facts.get('wide')).toEqual({ type: 'DOUBLE', dims: [null, 4] });
  });

  it('is found in a graph whose only operators are those of scikit-learn', async () => {
    const normaliser = node('Normalizer', ['x'], ['y'], { domain: 'ai.onnx.ml' });
    const model = modelWith([normaliser], 'y');
    const facts = await probeFacts({ ...model, opsets: new Map([['ai.onnx.ml', 3]]) }, feeds);
    expect(facts.get('y')).toEqual({ type: 'FLOAT', dims: [null, 4] });
  });

  it('cannot be said where a value has more dimensions in one run than in another', async () => {
    const branch = (shape: string): AttributeWithValue => ({
      type: 'GRAPH',
      value: graphOf({
        name: shape,
        inputs: [],
        outputs: [{ name: `${shape}-out` }],
        nodes: [
          node(shape === 'flat' ? 'Reshape' : 'Identity', shape === 'flat' ? ['x', 'flat'] : ['x'], [`${shape}-out`]),
        ],
      }),
    });
    const model = modelWith(
      [
        node('Shape', ['x'], ['shape'], { attributes: { end: 1n } }),
        node('Constant', [], ['two'], { attributes: { value_ints: [2n] } }),
        node('Equal', ['shape', 'two'], ['is-two']),
        node('If', ['is-two'], ['y'], { attributes: { then_branch: branch('flat'), else_branch: branch('square') } }),
      ],
      'y',
    );
    await expect(probeFacts(model, feeds)).rejects.toMatchObject({
      code: 'HF_TRIALS_FACTS',
      message: '`y` is [8] in one run and [3, 4] in another',
    });
  });

  it('takes two runs', async () => {
    const model = modelWith([node('Relu', ['x'], ['y'])], 'y');
    await expect(probeFacts(model, [{ x: rows(2) }])).rejects.toMatchObject({ code: 'HF_TRIALS_FACTS' });
  });

  it('takes a model that runs', async () => {
    const model = modelWith([node('Nothing', ['x'], ['y'])], 'y');
    await expect(probeFacts(model, feeds)).rejects.toMatchObject({ code: 'HF_INFERENCE_MODEL' });
    const other = [{ x: rows(2, 5) }, { x: rows(3, 5) }];
    await expect(probeFacts(modelWith([node('Relu', ['x'], ['y'])], 'y'), other)).rejects.toMatchObject({
      code: 'HF_INFERENCE_FEEDS',
    });
  });
});
