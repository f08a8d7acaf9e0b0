import { graphOf, modelOf, type Node, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { describe, expect, it } from 'vitest';
import { gradientModel } from '../src/gradient/gradient-model.ts';
import { openVictim } from '../src/onnx-victim.ts';

/** x [N, 4] through nodes to y. */
function file(nodes: readonly Node[], outputs = ['N', 3]): Uint8Array {
  const weights = tensor(
    'w',
    [4, 3],
    Float32Array.from({ length: 12 }, (_, index) => index / 12),
  );
  const graph = graphOf({
    name: 'refused',
    nodes,
    inputs: [tensorValue('x', 'FLOAT', ['N', 4])],
    outputs: [tensorValue('y', 'FLOAT', outputs)],
    initializers: [weights],
  });
  return writeModel(modelOf({ graph, opsets: { '': 18 } }));
}

const labels = Int32Array.of(0, 1);

describe('what cannot be attacked is refused by name', () => {
  it('an operator without a gradient: the node is named, and what needs no gradient works still', async () => {
    const through = [node('MatMul', ['x', 'w'], ['h']), node('Det', ['h3'], ['d']), node('Add', ['h', 'd'], ['y'])];
    const nodes = [through[0]!, node('MatMul', ['h', 'ht'], ['h3'], { name: 'square' }), through[1]!, through[2]!];
    const turned = [nodes[0]!, node('Transpose', ['h'], ['ht']), ...nodes.slice(1)];
    const victim = await openVictim(file(turned), { threads: 1 });
    const refused = victim.lossGradient(new Float32Array(8).fill(0.5), labels, 'cross-entropy');
    await expect(refused).rejects.toMatchObject({ code: 'HF_TRIALS_OPERATOR', exit: 3 });
    await expect(refused).rejects.toThrow('no gradient through `Det`');
    expect(await victim.classify(new Float32Array(8))).toHaveLength(2);
    await victim.release();
  });

  it('a model without a number for each class', async () => {
    const nodes = [node('MatMul', ['x', 'w'], ['h']), node('ReduceSum', ['h'], ['y'])];
    await expect(openVictim(file(nodes, []))).rejects.toMatchObject({ code: 'HF_TRIALS_MODEL', exit: 2 });
  });

  it('samples of another shape', async () => {
    const opened = openVictim(file([node('MatMul', ['x', 'w'], ['y'])]), { dims: [5] });
    await expect(opened).rejects.toMatchObject({ code: 'HF_TRIALS_MODEL' });
  });

  const square = (size: number | null) => [null, size, size];
  const forms: readonly (readonly [string, Node, readonly (number | null)[], string])[] = [
    ['a determinant of many rows', node('Det', ['x'], ['y']), square(25), 'matrices of 25 rows have too many minors'],
    ['a determinant of any number of rows', node('Det', ['x'], ['y']), square(null), 'its size varies'],
    [
      'a norm that the standard does not have',
      node('LpNormalization', ['x'], ['y'], { attributes: { p: 3n } }),
      [null, 4],
      'its norm is of the order 3',
    ],
  ];

  it.each(forms)('%s', (_, one, dims, why) => {
    const graph = graphOf({
      ...{ name: 'refused', nodes: [one], inputs: [tensorValue('x', 'FLOAT', dims)] },
      outputs: [{ name: 'y' }],
    });
    const facts = new Map([
      ['x', { type: 'FLOAT', dims }],
      ['y', { type: 'FLOAT', dims: dims.slice(0, one.opType === 'Det' ? 1 : 2) }],
    ] as const);
    const derived = () =>
      gradientModel(modelOf({ graph, opsets: { '': 18 } }), { facts, output: 'y', loss: 'seed', withRespectTo: ['x'] });
    expect(derived).toThrow(`no gradient through \`${one.opType}\`: ${why}`);
  });
});
