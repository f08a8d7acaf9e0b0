import { describe, expect, it } from 'vitest';
import type { HttpBody, NamedTensor, Protocol } from '../../src/protocols/inference.ts';
import { mlflow } from '../../src/protocols/mlflow.ts';
import { sagemaker } from '../../src/protocols/sagemaker.ts';
import { torchserve } from '../../src/protocols/torchserve.ts';
import { json, limits, ofRequest, refusal } from './open-inference-scene.ts';

const doubles = (name: string, shape: number[], ...values: number[]): NamedTensor => ({
  ...{ name, datatype: 'FP64', shape, data: new Float64Array(values), isUntyped: true },
});
const texts = (name: string, shape: number[], ...data: string[]): NamedTensor => ({
  ...{ name, datatype: 'BYTES', shape, data, isUntyped: true },
});
const text = ({ body }: HttpBody): string => Buffer.from(body).toString();

function rewritten(protocol: Protocol, body: string, data: NamedTensor['data']): string {
  const http = json(body);
  const { outputs } = protocol.readResponse(http, limits);
  return text(protocol.writeResponse(http, { outputs: outputs.map((output) => ({ ...output, data })) }));
}

describe('MLflow', () => {
  const protocol = mlflow();

  it.each([
    ['POST', '/invocations', 'infer'],
    ['GET', '/ping', 'live'],
    ['GET', '/health', 'ready'],
    ['GET', '/version', 'metadata'],
    ['GET', '/invocations', undefined],
    ['POST', '/ping', undefined],
    ['GET', 'constructor', undefined],
  ])('%s %s', (method, path, operation) => {
    expect(protocol.operation(method, path)).toBe(operation);
  });

  it('has `inputs` (deploy-model-locally, the first request)', () => {
    expect(protocol.readRequest(json('{"inputs": [[1, 2], [3, 4], [5, 6]]}'), limits)).toEqual({
      rows: 3,
      inputs: [doubles('input', [3, 2], 1, 2, 3, 4, 5, 6)],
    });
  });

  it('has data frames, split (genai/serving, "Make Predictions") and in records', () => {
    const inputs = [1, 2, 3, 4].map((at) => doubles(`feature${at}`, [1], at));
    const columns = ['feature1', 'feature2', 'feature3', 'feature4'];
    expect(protocol.readRequest(json({ dataframe_split: { columns, data: [[1, 2, 3, 4]] } }), limits)).toEqual({
      rows: 1,
      inputs,
    });
    const split = { index: [0], data: [[1, 2, 3, 4]], columns };
    expect(protocol.readRequest(json({ params: { a: 1 }, dataframe_split: split }), limits)).toEqual({
      rows: 1,
      inputs,
    });
    const records = [{ feature1: 1, feature2: 2, feature3: 3, feature4: 4 }];
    expect(protocol.readRequest(json({ dataframe_records: records }), limits)).toEqual({ rows: 1, inputs });
  });

  it('has columns of several kinds, with numbers that are missing, and columns that are counted', () => {
    const data = [
      [null, 'a', [1, 2]],
      [2.5, 'b', [3, 4]],
    ];
    expect(protocol.readRequest(json({ dataframe_split: { columns: [0, 1, 2], data } }), limits)).toEqual({
      rows: 2,
      inputs: [doubles('0', [2], Number.NaN, 2.5), texts('1', [2], 'a', 'b'), doubles('2', [2, 2], 1, 2, 3, 4)],
    });
  });

  it.each([
    ['two forms', { inputs: [1], instances: [1] }],
    ['no form', { params: {} }],
    ['another form', { dataframe: [] }],
    ['no columns', { dataframe_split: { data: [[1]] } }],
    ['no data', { dataframe_split: { columns: ['a'] } }],
    ['no rows', { dataframe_split: { columns: ['a'], data: [] } }],
    ['rows of other lengths', { dataframe_split: { columns: ['a', 'b'], data: [[1, 2], [1]] } }],
    ['rows that grow', { dataframe_split: { columns: ['a', 'b'], data: [[1], [1, 2]] } }],
    ['more columns than cells', { dataframe_split: { columns: ['a', 'b'], data: [[1]] } }],
    ['a column twice', { dataframe_split: { columns: ['a', 'a'], data: [[1, 2]] } }],
    ['a column of another kind', { dataframe_split: { columns: [true], data: [[1]] } }],
    ['another key', { dataframe_split: { columns: ['a'], data: [[1]], dtypes: [] } }],
    ['a missing number in a tensor', { inputs: [1, null] }],
    ['a row that is none', { dataframe_records: [1, { a: 1 }] }],
  ])('refused: %s', (_, body) => {
    expect(ofRequest(json(body), protocol)).toMatch(/^HF_GATEWAY_MALFORMED/);
  });

  it('refused: too many columns', () => {
    const columns = Array.from({ length: 33 }, (_, at) => `c${at}`);
    for (const split of [
      { columns, data: [[1]] },
      { columns: ['a'], data: [columns] },
    ]) {
      expect(ofRequest(json({ dataframe_split: split }), protocol)).toMatch(/^HF_GATEWAY_TOO_LARGE/);
    }
  });

  it('refused: CSV', () => {
    const http = { body: Buffer.from('a,b\n1,2\n'), headers: { 'content-type': 'text/csv' } };
    expect(ofRequest(http, protocol)).toBe('HF_GATEWAY_UNSUPPORTED header content-type');
  });

  it('answers with predictions, which may be written', () => {
    expect(protocol.readResponse(json('{"predictions": [0.25, null]}'), limits).outputs).toEqual([
      doubles('output', [2], 0.25, Number.NaN),
    ]);
    expect(rewritten(protocol, '{"predictions": [{"p": 0.251}, {"p":0.749}]}', new Float64Array([0.3, 0.7]))).toBe(
      '{"predictions": [{"p": 0.3}, {"p":0.7}]}',
    );
    expect(rewritten(protocol, '{"predictions": {"p": [0.251]}}', new Float64Array([0.3]))).toBe(
      '{"predictions": {"p": [0.3]}}',
    );
    expect(refusal(() => protocol.readResponse(json({ error_code: 'X' }), limits))).toMatch(/^HF_GATEWAY_UPSTREAM/);
  });
});

describe('TorchServe', () => {
  const protocol = torchserve({ served: 'resnet-18' });
  const opaque = { inputs: [], rows: 1, isOpaque: true };

  it.each([
    ['POST', '/predictions/resnet-18', 'infer'],
    ['GET', '/ping', 'live'],
    ['POST', '/predictions/other', undefined],
    ['POST', '/predictions/resnet-18/2.0', undefined],
    ['POST', '/explanations/resnet-18', undefined],
    ['GET', '/models', undefined],
  ])('%s %s', (method, path, operation) => {
    expect(protocol.operation(method, path)).toBe(operation);
    const versioned = torchserve({ served: 'resnet-18', version: '2.0' });
    expect(versioned.operation('POST', '/predictions/resnet-18/2.0')).toBe('infer');
  });

  it('has a tensor in JSON, or what only its handler knows', () => {
    expect(
      protocol.readRequest(
        json([
          [1, 2],
          [3, 4],
        ]),
        limits,
      ),
    ).toEqual({ rows: 2, inputs: [doubles('input', [2, 2], 1, 2, 3, 4)] });
    expect(protocol.readRequest(json([{ data: [1] }]), limits)).toEqual(opaque);
    expect(protocol.readRequest(json({ data: [1] }), limits)).toEqual(opaque);
    const image = { body: Buffer.from([0xff, 0xd8]), headers: { 'content-type': 'image/jpeg' } };
    expect(protocol.readRequest(image, limits)).toEqual(opaque);
  });

  it.each([
    ['broken JSON', json('{"data":[1,]}'), 'HF_GATEWAY_MALFORMED'],
    ['a key twice', json('{"data":1,"data":2}'), 'HF_GATEWAY_MALFORMED'],
    ['rows that differ', json('[[1],[1,2]]'), 'HF_GATEWAY_MALFORMED'],
    ['too deep', json('['.repeat(17)), 'HF_GATEWAY_TOO_LARGE'],
    [
      'a form',
      { body: Buffer.from('a'), headers: { 'content-type': 'multipart/form-data; boundary=x' } },
      'HF_GATEWAY_UNSUPPORTED',
    ],
    [
      'JSON in UTF-16',
      { body: Buffer.from('a'), headers: { 'content-type': 'application/json; charset=utf-16' } },
      'HF_GATEWAY_UNSUPPORTED',
    ],
  ])('refused: %s', (_, http, code) => {
    expect(ofRequest(http, protocol)).toContain(code);
  });

  it('answers with scores of classes, with arrays, or with something else', () => {
    const scores = '{\n  "tabby": 0.4096,\n  "tiger_cat": 0.3467\n}';
    expect(protocol.readResponse(json(scores), limits).outputs).toEqual([doubles('output', [1, 2], 0.4096, 0.3467)]);
    expect(rewritten(protocol, scores, new Float64Array([0.41, 0.35]))).toBe(
      '{\n  "tabby": 0.41,\n  "tiger_cat": 0.35\n}',
    );
    expect(rewritten(protocol, '[[0.4096]]', new Float64Array([0.41]))).toBe('[[0.41]]');
    // inference_api.md, "Predictions API"
    const shown = '{"class": "n02123045 tabby, tabby cat", "probability": 0.42514491081237793}';
    expect(protocol.readResponse(json(shown), limits).outputs).toEqual([]);
    expect(refusal(() => protocol.readResponse(json('<html>'), limits))).toMatch(/^HF_GATEWAY_UPSTREAM/);
  });
});

describe('SageMaker', () => {
  const protocol = sagemaker();

  it.each([
    ['POST', '/invocations', 'infer'],
    ['GET', '/ping', 'live'],
    ['POST', '/ping', undefined],
    ['GET', '/execution-parameters', undefined],
  ])('%s %s', (method, path, operation) => {
    expect(protocol.operation(method, path)).toBe(operation);
  });

  it('has instances, and bare arrays', () => {
    const features = [[1.5, 16, 14, 23]];
    const inputs = [doubles('features', [1, 4], 1.5, 16, 14, 23)];
    expect(protocol.readRequest(json({ instances: features.map((row) => ({ features: row })) }), limits)).toEqual({
      rows: 1,
      inputs,
    });
    expect(protocol.readRequest(json(features), limits).inputs).toEqual([{ ...inputs[0], name: 'input' }]);
  });

  it.each([
    ['nothing', json({})],
    ['another key', json({ instances: [[1]], configuration: {} })],
    ['rows that are no tensors', json({ instances: [{ data: { features: { values: [1] } } }] })],
    ['a value', json('1')],
  ])('refused: %s', (_, http) => {
    expect(ofRequest(http, protocol)).toMatch(/^HF_GATEWAY_MALFORMED/);
  });

  it('refused: CSV', () => {
    const http = { body: Buffer.from('1.5,16.0,14,23.0'), headers: { 'content-type': 'text/csv' } };
    expect(ofRequest(http, protocol)).toBe('HF_GATEWAY_UNSUPPORTED header content-type');
  });

  it('answers with predictions or a bare array', () => {
    expect(rewritten(protocol, '{"predictions":[{"score":0.123}]}', new Float64Array([0.1]))).toBe(
      '{"predictions":[{"score":0.1}]}',
    );
    expect(rewritten(protocol, '[0.123, 0.5]', new Float64Array([0.1, 0.5]))).toBe('[0.1, 0.5]');
    expect(refusal(() => protocol.readResponse(json('0.1,0.2'), limits))).toMatch(/^HF_GATEWAY_UPSTREAM/);
  });
});
