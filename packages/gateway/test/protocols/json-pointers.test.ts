import { describe, expect, it } from 'vitest';
import { jsonPointers } from '../../src/protocols/json-pointers.ts';
import { json, limits, ofRequest, refusal } from './open-inference-scene.ts';

/** The document and the pointers of RFC 6901 section 5. */
const document = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
};

describe('pointers of RFC 6901 section 5', () => {
  it.each([
    ['/foo', ['bar', 'baz']],
    ['/foo/0', ['bar']],
    ['/', new Float64Array([0])],
    ['/a~1b', new Float64Array([1])],
    ['/c%d', new Float64Array([2])],
    ['/e^f', new Float64Array([3])],
    ['/g|h', new Float64Array([4])],
    ['/i\\j', new Float64Array([5])],
    ['/k"l', new Float64Array([6])],
    ['/ ', new Float64Array([7])],
    ['/m~0n', new Float64Array([8])],
  ])('%j', (pointer, data) => {
    const inputs = [{ name: 'x', pointer }];
    const protocol = jsonPointers({ path: '/predict', inputs, outputs: inputs });
    expect(protocol.readRequest(json(document), limits).inputs[0]?.data).toEqual(data);
    expect(protocol.readResponse(json(document), limits).outputs[0]?.data).toEqual(data);
  });
});

const protocol = jsonPointers({
  path: '/predict',
  live: ['/healthz'],
  inputs: [
    { name: 'x', pointer: '/rows/0/features' },
    { name: 'y', pointer: '/rows/1/features' },
  ],
  outputs: [{ name: 'p', pointer: '/result/scores' }],
});

it('reads what is declared, and passes on everything else', () => {
  const body = { rows: [{ id: {}, features: [[1, 2]] }, { features: [3] }, { features: 'no' }], note: null };
  expect(protocol.readRequest(json(body), limits)).toEqual({
    rows: 1,
    inputs: [
      { name: 'x', datatype: 'FP64', shape: [1, 2], data: new Float64Array([1, 2]), isUntyped: true },
      { name: 'y', datatype: 'FP64', shape: [1], data: new Float64Array([3]), isUntyped: true },
    ],
  });
});

it('writes what is declared', () => {
  const http = json('{"took":1.0,"result":{"scores" : [0.91, 0.09],"x":[]}}');
  const [scores] = protocol.readResponse(http, limits).outputs;
  const outputs = scores === undefined ? [] : [{ ...scores, data: new Float64Array([0.9, 0.1]) }];
  expect(Buffer.from(protocol.writeResponse(http, { outputs }).body).toString()).toBe(
    '{"took":1.0,"result":{"scores" : [0.9,0.1],"x":[]}}',
  );
});

it('has the declared paths only', () => {
  expect(protocol.operation('POST', '/predict')).toBe('infer');
  expect(protocol.operation('GET', '/healthz')).toBe('live');
  expect(protocol.operation('GET', '/predict')).toBeUndefined();
});

it.each([
  ['nothing there', { rows: [{ features: [1] }] }, 'HF_GATEWAY_MALFORMED /rows/1/features'],
  ['an object there', { rows: [{ features: { a: 1 } }, { features: [1] }] }, 'HF_GATEWAY_MALFORMED body, byte 21'],
  ['an object in place of an array', { rows: 1 }, 'HF_GATEWAY_MALFORMED /rows/0/features'],
])('refused: %s', (_, body, refused) => {
  expect(ofRequest(json(body), protocol)).toBe(refused);
});

it('refused: an answer without what is declared', () => {
  expect(refusal(() => protocol.readResponse(json({ result: {} }), limits))).toBe('HF_GATEWAY_UPSTREAM /result/scores');
});

it.each([
  ['no slash', ['rows']],
  ['an unknown escape', ['/a~2']],
  ['one in another', ['/a', '/a/b']],
  ['another in one', ['/a/b', '/a']],
  ['the same twice', ['/a', '/a']],
  ['none', []],
])('refused when it starts: %s', (_, pointers) => {
  const inputs = pointers.map((pointer, at) => ({ name: `t${at}`, pointer }));
  const outputs = [{ name: 'p', pointer: '' }];
  expect(refusal(() => jsonPointers({ path: '/', inputs, outputs }))).toMatch(/^HF_GATEWAY_CONFIGURATION/);
});

it('refused when it starts: a name twice', () => {
  const inputs = ['/a', '/b'].map((pointer) => ({ name: 'x', pointer }));
  expect(refusal(() => jsonPointers({ path: '/', inputs, outputs: inputs }))).toBe('HF_GATEWAY_CONFIGURATION x');
});
