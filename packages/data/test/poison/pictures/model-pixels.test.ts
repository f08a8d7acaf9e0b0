import type { Port } from '@holdfast/inference';
import { expect, test } from 'vitest';
import { pixelFeed, type RawPictures } from '../../../src/poison/model-pixels.ts';

/** Two pictures of three colours, one line, two columns: red 0 and 51, green 102 and 153, blue 204 and 255; and all of it turned round. */
const bytes = [0, 51, 102, 153, 204, 255];
const raw = Float32Array.from([...bytes, ...bytes.toReversed()]);
const pictures: RawPictures = { raw, areBytes: true, values: raw.map((value) => value / 255), shape: [3, 1, 2] };

const port = (dims: Port['dims'], type: Port['type'] = 'FLOAT'): Port => ({ name: 'x', type, dims });
const refuse = (why: string): Error => new Error(why);
const none = new Map<string, string>();

function fed(to: Port, said = {}, metadata: ReadonlyMap<string, string> = none, given = pictures) {
  const { feed, assumed } = pixelFeed(given, to, said, metadata, refuse);
  const { dims, data } = feed(0, 1);
  return { dims, data: Array.from(data as Float32Array, (value) => Number(value.toFixed(4))), assumed };
}

test.each([
  ['first', ['n', 3, 1, 2], [1, 3, 1, 2], [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ['last', ['n', 1, 2, 3], [1, 1, 2, 3], [0, 0.4, 0.8, 0.2, 0.6, 1]],
])('channels lie %s where the input has them there', (_, dims, given, data) => {
  expect(fed(port(dims))).toEqual({
    ...{ dims: given, data },
    assumed: 'pixels from 0 to 1; colours in the order red, green, blue',
  });
});

test.each<[Parameters<typeof pixelFeed>[2], Record<string, string>, number[]]>([
  [{ pixelRange: '0..255' }, {}, [0, 51, 102, 153, 204, 255]],
  [{ pixelRange: '-1..1' }, {}, [-1, -0.6, -0.2, 0.2, 0.6, 1]],
  [{}, { 'image.nominalpixelrange': 'Normalized_0_1' }, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [{}, { 'image.nominalpixelrange': 'NominalRange_16_235' }, [16, 59.8, 103.6, 147.4, 191.2, 235]],
  [{ pixelRange: '0..255' }, { 'image.nominalpixelrange': 'Normalized_0_1' }, [0, 51, 102, 153, 204, 255]],
  [{ pixelMean: [0.5, 0, 1], pixelDeviation: [0.5] }, {}, [-1, -0.6, 0.8, 1.2, -0.4, 0]],
])('%j with metadata %j gives the range that is said', (said, metadata, data) => {
  const known = new Map([...Object.entries(metadata), ['image.bitmappixelformat', 'Rgb8']]);
  expect(fed(port(['n', 3, 1, 2]), said, known)).toEqual({ dims: [1, 3, 1, 2], data, assumed: undefined });
});

test('a model that takes blue first is given it first', () => {
  const metadata = new Map([['image.bitmappixelformat', 'BGR8']]);
  const { data, assumed } = fed(port(['n', 3, 1, 2]), { pixelRange: '0..255' }, metadata);
  expect([data, assumed]).toEqual([[204, 255, 102, 153, 0, 51], undefined]);
});

test('bytes are given as they are, and numbers of an array as they stand where nobody says more', () => {
  expect(fed(port(['n', 1, 2, 3], 'UINT8')).data).toEqual([0, 102, 204, 51, 153, 255]);
  const floats = { ...pictures, areBytes: false, raw: raw.map((value) => value / 10) };
  expect(fed(port(['n', 3, 1, 2]), {}, none, floats)).toMatchObject({
    data: [0, 5.1, 10.2, 15.3, 20.4, 25.5],
    assumed: 'pixels as they stand in the file; colours in the order red, green, blue',
  });
});

test.each([[['n', 1, 2, 2]], [['n', 2, 2]], [['n', 4]]])('grey pictures go into %j', (dims) => {
  const grey = { ...pictures, shape: [1, 2, 2] as const, raw: raw.slice(0, 8), values: pictures.values.slice(0, 8) };
  const { dims: given, data } = fed(port(dims), { pixelRange: '0..255' }, none, grey);
  expect([given, data]).toEqual([[1, ...dims.slice(1)], bytes.slice(0, 4)]);
});

test('of a model that takes so many pictures at once, the last are followed by black ones', () => {
  const { feed, batch, isFixed } = pixelFeed(pictures, port([4, 3, 1, 2]), { pixelRange: '0..255' }, none, refuse);
  const { dims, data } = feed(1, 1);
  expect([batch, isFixed, dims]).toEqual([4, true, [4, 3, 1, 2]]);
  expect([...(data as Float32Array)]).toEqual([...bytes.toReversed(), ...Array.from({ length: 18 }, () => 0)]);
});

test.each<[string, Port, Parameters<typeof pixelFeed>[2], Record<string, string>, string]>([
  ['of another size', port(['n', 3, 2, 2]), {}, {}, 'takes [n, 3, 2, 2], and pictures are 3 × 1 × 2'],
  ['of rows of numbers, for colours', port(['n', 6]), {}, {}, 'takes [n, 6]'],
  ['that says nothing of its channels', port(['n', null, null, null]), {}, {}, 'does not say where channels lie'],
  ['of texts', port(['n', 3, 1, 2], 'STRING'), {}, {}, 'numbers of the type STRING'],
  ['of bytes in a range', port(['n', 3, 1, 2], 'UINT8'), { pixelRange: '0..1' }, {}, 'has no meaning'],
  ['of more pictures than fit', port([2 ** 24, 3, 1, 2]), {}, {}, 'at once'],
  ['with a range nobody knows', port(['n', 3, 1, 2]), {}, { 'image.nominalpixelrange': 'odd' }, 'says that pixels are'],
  ['of grey pictures', port(['n', 3, 1, 2]), {}, { 'image.bitmappixelformat': 'gray8' }, 'have 3 channels'],
  ['of four means', port(['n', 3, 1, 2]), { pixelMean: [1, 2] }, {}, 'do not fit 3 channels'],
])('a model %s is refused', (_, to, said, metadata, why) => {
  expect(() => pixelFeed(pictures, to, said, new Map(Object.entries(metadata)), refuse)).toThrow(why);
});

test('numbers that are no bytes are not given to a model that takes bytes', () => {
  const floats = { ...pictures, areBytes: false, raw: raw.map((value) => value / 10) };
  expect(() => pixelFeed(floats, port(['n', 3, 1, 2], 'UINT8'), {}, none, refuse)).toThrow('pixels are none');
});
