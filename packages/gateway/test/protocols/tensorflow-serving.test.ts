import { describe, expect, it } from 'vitest';
import type { HttpBody, InferenceRequest, NamedTensor } from '../../src/protocols/inference.ts';
import { tensorflowServing } from '../../src/protocols/tensorflow-serving.ts';
import { json, limits, ofRequest, refusal } from './open-inference-scene.ts';

const protocol = tensorflowServing({ served: 'half_plus_three', input: 'x', output: 'y' });
const read = (body: unknown): InferenceRequest => protocol.readRequest(json(body), limits);
const untyped = (tensor: Omit<NamedTensor, 'isUntyped'>): NamedTensor => ({ ...tensor, isUntyped: true });
const doubles = (name: string, shape: number[], ...values: number[]): NamedTensor =>
  untyped({ name, datatype: 'FP64', shape, data: new Float64Array(values) });
const texts = (name: string, shape: number[], ...data: string[]): NamedTensor =>
  untyped({ name, datatype: 'BYTES', shape, data });

/** The examples of https://www.tensorflow.org/tfx/serving/api_rest, section "Predict API". */
describe('the page of TensorFlow Serving shows', () => {
  it('three scalars', () => {
    expect(read({ instances: ['foo', 'bar', 'baz'] })).toEqual({
      rows: 3,
      inputs: [texts('x', [3], 'foo', 'bar', 'baz')],
    });
  });

  it('two tensors of shape [1, 2]', () => {
    expect(read({ instances: [[[1, 2]], [[3, 4]]] })).toEqual({
      rows: 2,
      inputs: [doubles('x', [2, 1, 2], 1, 2, 3, 4)],
    });
  });

  const signal = doubles('signal', [2, 5], 1, 2, 3, 4, 5, 3, 4, 1, 2, 5);
  const sensor = doubles('sensor', [2, 2, 2], 1, 2, 3, 4, 4, 5, 6, 8);
  const inputs = [texts('tag', [2], 'foo', 'bar'), signal, sensor];

  it('three named inputs in rows, but for a bracket too many', () => {
    const instances = [
      {
        tag: 'foo',
        signal: [1, 2, 3, 4, 5],
        sensor: [
          [1, 2],
          [3, 4],
        ],
      },
      {
        tag: 'bar',
        signal: [3, 4, 1, 2, 5],
        sensor: [
          [4, 5],
          [6, 8],
        ],
      },
    ];
    expect(read({ instances })).toEqual({ rows: 2, inputs });
    const asShown = JSON.stringify({ instances }).replace('[3,4,1,2,5]', '[3,4,1,2,5]]');
    expect(ofRequest(json(asShown), protocol)).toMatch(/^HF_GATEWAY_MALFORMED/);
  });

  it('the same in columns', () => {
    const columns = {
      tag: ['foo', 'bar'],
      signal: [
        [1, 2, 3, 4, 5],
        [3, 4, 1, 2, 5],
      ],
      sensor: [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [4, 5],
          [6, 8],
        ],
      ],
    };
    expect(read({ inputs: columns })).toEqual({ rows: 2, inputs });
  });

  it('bytes in Base64', () => {
    const image = { b64: 'aW1hZ2UgYnl0ZXM=' };
    expect(read({ instances: [{ image, caption: 'seaside' }] }).inputs).toEqual([
      texts('image', [1], 'image bytes'),
      texts('caption', [1], 'seaside'),
    ]);
    expect(read({ instances: [image] }).inputs).toEqual([texts('x', [1], 'image bytes')]);
    expect(read({ inputs: image }).inputs).toEqual([texts('x', [], 'image bytes')]);
  });

  it('numbers that JSON does not have', () => {
    expect(read('{"instances": [1.0, -3.14, NaN, Infinity, -Infinity]}').inputs).toEqual([
      doubles('x', [5], 1, -3.14, Number.NaN, Infinity, -Infinity),
    ]);
  });

  it('an answer', () => {
    const answer = json('{\n    "predictions": [3.5, 4.0, 5.5]\n}');
    expect(protocol.readResponse(answer, limits)).toEqual({ outputs: [doubles('y', [3], 3.5, 4, 5.5)] });
  });
});

it.each([
  ['POST', '/v1/models/half_plus_three:predict', 'infer'],
  ['GET', '/v1/models/half_plus_three', 'ready'],
  ['GET', '/v1/models/half_plus_three/metadata', 'metadata'],
  ['POST', '/v1/models/half:predict', undefined],
  ['POST', '/v1/models/half_plus_three:regress', undefined],
  ['POST', '/v1/models/half_plus_three/versions/1:predict', undefined],
  ['POST', '/v1/models/half_plus_three/labels/canary:predict', undefined],
])('%s %s', (method, path, operation) => {
  expect(protocol.operation(method, path)).toBe(operation);
  const versioned = tensorflowServing({ served: 'half_plus_three', version: '1' });
  expect(versioned.operation('POST', '/v1/models/half_plus_three/versions/1:predict')).toBe('infer');
});

describe('values', () => {
  it('that a double would round are exact', () => {
    const exact = untyped({
      name: 'x',
      datatype: 'INT64',
      shape: [3],
      data: new BigInt64Array([1n, 9007199254740993n, -5n]),
    });
    expect(read('{"instances":[1,9007199254740993,-5]}').inputs).toEqual([exact]);
  });

  it.each([
    ['rounded beside fractions', '{"instances":[0.5,9007199254740993]}'],
    ['fractions beside what would be rounded', '{"instances":[9007199254740993,0.5]}'],
    ['beyond 64 bits', '{"instances":[9223372036854775808]}'],
    ['beyond a double', '{"instances":[1e999]}'],
    ['null', '{"instances":[null]}'],
    ['numbers and texts', '{"instances":[1,"a"]}'],
    ['numbers and booleans', '{"instances":[true,1]}'],
    ['rows of several lengths', '{"instances":[[1,2],[3]]}'],
    ['rows of several depths', '{"instances":[[1],[[2]]]}'],
    ['rows of several depths, deeper first', '{"instances":[[[1]],[2]]}'],
    ['an array among numbers', '{"instances":[[1,[2]]]}'],
    ['an object in an array', '{"instances":[[{"a":1}]]}'],
    ['rows with other names', '{"instances":[{"a":1},{"b":1}]}'],
    ['rows with fewer names', '{"instances":[{"a":1,"b":1},{"a":1}]}'],
    ['rows with more names', '{"instances":[{"a":1},{"a":1,"b":1}]}'],
    ['rows with and without names', '{"instances":[{"a":1},1]}'],
    ['rows without and with names', '{"instances":[1,{"a":1}]}'],
    ['rows with nothing', '{"instances":[{}]}'],
    ['no row', '{"instances":[]}'],
    ['one value as rows', '{"instances":1}'],
    ['no tensor', '{"inputs":{}}'],
    ['nothing', '{}'],
    ['both forms', '{"instances":[1],"inputs":[1]}'],
    ['both forms, the other first', '{"inputs":[1],"instances":[1]}'],
    ['another key', '{"instances":[1],"Instances":[2]}'],
    ['another signature', '{"signature_name":"raw","instances":[1]}'],
    ['no Base64', '{"instances":[{"b64":"a"}]}'],
    ['Base64 of another alphabet', '{"instances":[{"b64":"-_=="}]}'],
    ['Base64 with padding within', '{"instances":[{"b64":"aa=a"}]}'],
    ['Base64 that is padding', '{"instances":[{"b64":"===="}]}'],
    ['Base64 without padding', '{"instances":[{"b64":"aaaaaa"}]}'],
    ['Base64 that ends otherwise', '{"instances":[{"b64":"aaa["}]}'],
    ['Base64 beside others', '{"instances":[{"b64":"aaaa","a":1}]}'],
    ['Base64 among numbers', '{"instances":[1,{"b64":"aaaa"}]}'],
    ['other words', '{"instances":[Nan]}'],
  ])('refused: %s', (_, body) => {
    expect(ofRequest(json(body), protocol)).toMatch(/^HF_GATEWAY_MALFORMED/);
  });

  it('in Base64 may be long', () => {
    const text = 'holdfast'.repeat(400_000);
    const b64 = Buffer.from(text).toString('base64');
    expect(read({ instances: [{ b64 }] }).inputs[0]?.data).toEqual([text]);
  });

  it('refused: too many, in all tensors together', () => {
    const half = Array.from({ length: 5001 }, () => 1);
    expect(ofRequest(json({ inputs: { a: half, b: half } }), protocol)).toMatch(/^HF_GATEWAY_TOO_LARGE/);
    expect(ofRequest(json({ inputs: { a: half } }), protocol)).toBe('taken');
  });

  it('refused: another content type', () => {
    const http = { ...json({ instances: [1] }), headers: { 'content-type': 'text/json' } };
    expect(ofRequest(http, protocol)).toBe('HF_GATEWAY_UNSUPPORTED header content-type');
  });

  it('takes the signature that is served', () => {
    expect(ofRequest(json({ signature_name: 'serving_default', instances: [1] }), protocol)).toBe('taken');
    const other = tensorflowServing({ served: 'm', signature: 'raw' });
    expect(ofRequest(json({ signature_name: 'raw', instances: [1] }), other)).toBe('taken');
    expect(ofRequest(json({ signature_name: 'serving_default', instances: [1] }), other)).toBe(
      'HF_GATEWAY_MALFORMED signature_name',
    );
  });
});

describe('an answer that is written', () => {
  const rewritten = (body: string, name: string, data: NamedTensor['data']): string => {
    const http: HttpBody = json(body);
    const { outputs } = protocol.readResponse(http, limits);
    const changed = outputs.map((each) => (each.name === name ? { ...each, data } : each));
    return Buffer.from(protocol.writeResponse(http, { outputs: changed }).body).toString();
  };

  it('keeps every other byte', () => {
    expect(
      rewritten(
        '{"predictions": [ [0.91, 0.09] ,[ 0.25,0.75]], "t":1.50}',
        'y',
        new Float64Array([0.9, 0.1, 0.3, 0.7]),
      ),
    ).toBe('{"predictions": [ [0.9,0.1] ,[0.3,0.7]], "t":1.50}');
    expect(
      rewritten(
        '{"predictions":[{"class":"a","p":[0.91, 0.09]}, {"p":[ 0.2,0.8],"class" : "\\u0062"}]}',
        ...(['p', new Float64Array([0.9, 0.1, 0.2, 0.8])] as const),
      ),
    ).toBe('{"predictions":[{"class":"a","p":[0.9,0.1]}, {"p":[0.2,0.8],"class" : "\\u0062"}]}');
    expect(rewritten('{"outputs":{"b":[[1.25]],"a":2}}', 'b', new Float64Array([Number.NaN]))).toBe(
      '{"outputs":{"b":[[NaN]],"a":2}}',
    );
    expect(rewritten('{"outputs":[true,false]}', 'y', new Uint8Array([0, 1]))).toBe('{"outputs":[false,true]}');
  });

  it.each([
    ['no prediction', '{"error":"no"}'],
    ['no JSON', 'Not found'],
    ['both forms', '{"predictions":[1],"outputs":[1]}'],
    ['rows that differ', '{"predictions":[[1],[1,2]]}'],
  ])('refused: %s', (_, body) => {
    expect(refusal(() => protocol.readResponse(json(body), limits))).toMatch(/^HF_GATEWAY_UPSTREAM/);
  });

  it('refused: bytes that would change', () => {
    const http = json('{"predictions":[{"b64":"aaaa"}]}');
    const { outputs } = protocol.readResponse(http, limits);
    const changed = outputs.map((each) => ({ ...each, data: ['a'] }));
    expect(refusal(() => protocol.writeResponse(http, { outputs: changed }))).toBe('HF_GATEWAY_INTERNAL ');
  });
});
