import { modelMetadata } from '@holdfast/inference';
import { graphOf, modelOf, node, tensorValue, writeModel } from '@holdfast/onnx';
import { expect, test } from 'vitest';

const [x, y] = ['x', 'y'].map((name) => tensorValue(name, 'FLOAT', ['n', 4]));
const graph = graphOf({
  ...{ name: 'g', nodes: [node('Relu', ['x'], ['y'])] },
  ...{ inputs: x === undefined ? [] : [x], outputs: y === undefined ? [] : [y] },
});
const fileOf = (metadata: Record<string, string>): Uint8Array =>
  writeModel(modelOf({ graph, opsets: { '': 17 }, metadata }));

/** A field with bytes, as protobuf writes it. */
const field = (number: number, content: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.of(number * 8 + 2, content.length), content]);
const entry = (key: string, value: string): Uint8Array =>
  field(14, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))]));

test('what a model says of itself is there by its key, in either case', () => {
  const found = modelMetadata(fileOf({ 'Image.NominalPixelRange': 'Normalized_0_1', author: 'nobody' }));
  expect([...found]).toEqual([
    ['image.nominalpixelrange', 'Normalized_0_1'],
    ['author', 'nobody'],
  ]);
  expect(modelMetadata(fileOf({})).size).toBe(0);
});

test('of a key that is given twice nothing is said, and neither of a text that is too long', () => {
  const twice = Buffer.concat([entry('a', '1'), entry('A', '2'), entry('b', '3')]);
  expect([...modelMetadata(twice)]).toEqual([['b', '3']]);
  expect(modelMetadata(fileOf({ long: 'x'.repeat(5000) })).size).toBe(0);
});

test('what is no model is refused', () => {
  expect(() => modelMetadata(Uint8Array.of(0x72, 0xff))).toThrow('not well-formed');
});
