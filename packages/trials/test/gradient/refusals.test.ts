import { graphOf, modelOf, type Node, node, tensorValue } from '@holdfast/onnx';
import { expect, it } from 'vitest';
import type { Facts, ValueFacts } from '../../src/gradient/facts.ts';
import { gradientModel } from '../../src/gradient/gradient-model.ts';
import { lowered } from '../../src/gradient/lowerings/index.ts';

const real = (...dims: (number | null)[]): ValueFacts => ({ type: 'FLOAT', dims });
const image = real(null, 1, 4, 4);
const of = (opType: string, inputs: readonly string[], attributes: Record<string, number | bigint | string> = {}) =>
  node(opType, inputs, ['y'], { attributes, name: 'here' });

/** Operators and forms of them that have no gradient: what is known of x and y, and of what else goes in. */
const forms: readonly (readonly [string, Node, Readonly<Record<string, ValueFacts>>, string])[] = [
  [
    'a determinant of many rows',
    of('Det', ['x']),
    { x: real(null, 25, 25), y: real(null) },
    'matrices of 25 rows have',
  ],
  ['a determinant of any size', of('Det', ['x']), { x: real(null, null, null), y: real(null) }, 'its size varies'],
  [
    'a norm that the standard does not have',
    of('LpNormalization', ['x'], { p: 3n }),
    { x: real(null, 4), y: real(null, 4) },
    'its norm is of the order 3',
  ],
  [
    'a resizing that keeps the aspect ratio',
    of('Resize', ['x', '', '', 'sizes'], { keep_aspect_ratio_policy: 'not_larger' }),
    { x: image, y: image },
    'it keeps the aspect ratio',
  ],
  [
    'a resizing that crops',
    of('Resize', ['x', 'roi', 'scales'], { coordinate_transformation_mode: 'tf_crop_and_resize' }),
    { x: image, y: image },
    'it crops',
  ],
  [
    'a resizing that rounds up from half a pixel too far',
    of('Resize', ['x', '', 'scales'], { coordinate_transformation_mode: 'tf_half_pixel_for_nn', nearest_mode: 'ceil' }),
    { x: image, y: image },
    'its coordinates are tf_half_pixel_for_nn, rounded up',
  ],
  [
    'a resizing of the batch',
    of('Resize', ['x', '', 'scales']),
    { x: real(null, 4), y: real(7, 4) },
    'it resizes the batch',
  ],
  [
    'the largest sample of a region',
    of('RoiAlign', ['x', 'rois', 'images'], { mode: 'max' }),
    { x: image, y: image },
    'it takes the largest sample of each bin',
  ],
  [
    'regions of an image whose size varies',
    of('RoiAlign', ['x', 'rois', 'images']),
    { x: real(null, 1, null, null), y: image },
    'its image size varies',
  ],
  [
    'a grid over an image whose size varies',
    of('GridSample', ['x', 'x']),
    { x: real(null, 1, null, null), y: image },
    'its image size varies',
  ],
  [
    'a diagonal',
    of('Einsum', ['x'], { equation: 'bii->b' }),
    { x: real(null, 3, 3), y: real(null) },
    'it takes a diagonal',
  ],
  [
    'weights of classes that are differentiated by',
    of('NegativeLogLikelihoodLoss', ['p', 't', 'x']),
    { x: real(3), y: real(), p: real(null, 3), t: { type: 'INT64', dims: [null] } },
    'the weights of its classes depend on',
  ],
  [
    'a scale for each block',
    of('DequantizeLinear', ['x', 's']),
    { x: real(4, 6), y: real(4, 6), s: real(4, 2) },
    'it has a scale for each block',
  ],
  [
    'a type of eight bits that is none of whole numbers',
    of('QuantizeLinear', ['x', 's']),
    { x: real(4), y: { type: 'FLOAT8E4M3FN', dims: [4] }, s: real() },
    'it quantises to FLOAT8E4M3FN',
  ],
  ['an operator without a rule', of('MaxRoiPool', ['x', 'rois']), { x: image, y: image }, 'it has no rule'],
];

it.each(forms)('%s is refused by name', (_, one, known, why) => {
  const inputs = [...new Set([...one.inputs])]
    .filter((name) => name !== '')
    .map((name) => tensorValue(name, 'FLOAT', []));
  const graph = graphOf({ name: 'refused', nodes: [one], inputs, outputs: [{ name: 'y' }] });
  const model = modelOf({ graph, opsets: { '': 21 } });
  const facts: Facts = new Map(Object.entries(known));
  const derived = () =>
    gradientModel(lowered(model, facts), { facts, output: 'y', loss: 'seed', withRespectTo: ['x'] });
  expect(derived).toThrow(`no gradient through \`${one.opType}\`: ${why}`);
  expect(derived).toThrow(expect.objectContaining({ code: 'HF_TRIALS_OPERATOR', where: 'node `here`' }) as Error);
});
