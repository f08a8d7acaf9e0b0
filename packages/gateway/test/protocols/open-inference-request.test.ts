import { describe, expect, it } from 'vitest';
import { openInference } from '../../src/protocols/open-inference/open-inference.ts';
import { binary, json, limits, ofRequest, protocol } from './open-inference-scene.ts';

const tensor = { name: 'input0', shape: [2, 2], datatype: 'UINT32', data: [1, 2, 3, 4] };
const withTensor = (changed: object): unknown => ({ inputs: [{ ...tensor, ...changed }] });
const malformed = (where: string): string => `HF_GATEWAY_MALFORMED ${where}`;
const floats = (...values: number[]): Buffer => Buffer.from(new Float32Array(values).buffer);

describe('the specification', () => {
  it('shows a request (inference_rest.md, "Inference Request Examples"), but for a shape that its data has not', () => {
    const input1 = { name: 'input1', shape: [3], datatype: 'BOOL', data: [true] };
    const example = { id: '42', inputs: [tensor, input1], outputs: [{ name: 'output0' }] };
    expect(ofRequest(json(example))).toMatch(/^HF_GATEWAY_MALFORMED body, byte/);
    const repaired = { ...example, inputs: [tensor, { ...input1, shape: [1] }] };
    expect(protocol.readRequest(json(JSON.stringify(repaired, undefined, 2)), limits)).toEqual({
      id: '42',
      rows: 2,
      outputs: ['output0'],
      inputs: [
        { name: 'input0', shape: [2, 2], datatype: 'UINT32', data: new Float64Array([1, 2, 3, 4]) },
        { name: 'input1', shape: [1], datatype: 'BOOL', data: new Uint8Array([1]) },
      ],
    });
  });

  it('shows a request with binary data (extension_binary_data.md, "Examples")', () => {
    const head = {
      model_name: 'mymodel',
      inputs: [
        { name: 'input0', shape: [2, 2], datatype: 'UINT32', parameters: { binary_data_size: 16 } },
        { name: 'input1', shape: [3], datatype: 'BOOL', parameters: { binary_data_size: 3 } },
      ],
      outputs: [{ name: 'output0', parameters: { binary_data: true } }],
    };
    const data = [Buffer.from(new Uint32Array([1, 2, 3, 4_294_967_295]).buffer), Buffer.from([1, 0, 1])];
    expect(protocol.readRequest(binary(head, ...data), limits)).toEqual({
      rows: 3,
      outputs: ['output0'],
      inputs: [
        { name: 'input0', shape: [2, 2], datatype: 'UINT32', data: new Float64Array([1, 2, 3, 4_294_967_295]) },
        { name: 'input1', shape: [3], datatype: 'BOOL', data: new Uint8Array([1, 0, 1]) },
      ],
    });
  });
});

describe('a path', () => {
  it.each([
    ['POST', '/v2/models/mymodel/infer', 'infer'],
    ['GET', '/v2/models/mymodel', 'metadata'],
    ['GET', '/v2', 'metadata'],
    ['GET', '/v2/models/mymodel/ready', 'ready'],
    ['GET', '/v2/health/ready', 'ready'],
    ['GET', '/v2/health/live', 'live'],
    ['GET', '/v2/models/mymodel/infer', undefined],
    ['POST', '/v2/models/mymodel', undefined],
    ['POST', '/v2/models/other/infer', undefined],
    ['POST', '/v2/models/mymodel/infer/', undefined],
    ['POST', '/v2/models/mymodel/versions/2/infer', undefined],
    ['POST', '/v2/repository/models/mymodel/unload', undefined],
    ['GET', '/v2/models/mymodel/stats', undefined],
    ['POST', '/v2/models/__proto__/infer', undefined],
  ])('%s %s', (method, path, operation) => {
    expect(protocol.operation(method, path)).toBe(operation);
  });

  it('has a version when one was admitted', () => {
    const versioned = openInference({ served: 'mymodel', version: '2' });
    expect(versioned.operation('POST', '/v2/models/mymodel/versions/2/infer')).toBe('infer');
    expect(versioned.operation('GET', '/v2/models/mymodel/versions/2/ready')).toBe('ready');
    expect(versioned.operation('POST', '/v2/models/mymodel/versions/3/infer')).toBeUndefined();
  });
});

describe('data', () => {
  const read = (changed: object): unknown => protocol.readRequest(json(withTensor(changed)), limits).inputs[0]?.data;

  it('may be nested as the shape has it', () => {
    expect(
      read({
        data: [
          [1, 2],
          [3, 4],
        ],
      }),
    ).toEqual(new Float64Array([1, 2, 3, 4]));
    expect(read({ shape: [1, 2, 1], data: [[[1], [2]]] })).toEqual(new Float64Array([1, 2]));
    expect(read({ shape: [2, 0], data: [[], []] })).toEqual(new Float64Array());
    expect(read({ shape: [], data: [7] })).toEqual(new Float64Array([7]));
  });

  it('may come before what says how to read it', () => {
    const { name, shape, datatype, data } = tensor;
    const early = protocol.readRequest(json({ inputs: [{ data, datatype, name, shape }], id: 'x' }), limits);
    expect(early).toEqual({ ...protocol.readRequest(json({ inputs: [tensor] }), limits), id: 'x' });
  });

  it('of 64 bits is exact', () => {
    const of = (datatype: string, data: string): unknown =>
      protocol.readRequest(
        json(`{"inputs":[{"name":"a","shape":[3],"datatype":"${datatype}","data":${data}}]}`),
        limits,
      ).inputs[0]?.data;
    expect(of('INT64', '[9007199254740993,-9223372036854775808,-4294967297]')).toEqual(
      new BigInt64Array([9007199254740993n, -9223372036854775808n, -4294967297n]),
    );
    expect(of('UINT64', '[18446744073709551615, 4294967296, 0]')).toEqual(
      new BigUint64Array([18446744073709551615n, 4294967296n, 0n]),
    );
  });

  it('goes on behind numbers that are written in another way', () => {
    const text = '[1 , 2e0,3.25\n,-4,  5.0000000000000000000001]';
    const body = `{"inputs":[{"name":"a","shape":[5],"datatype":"FP64","data":${text}}]}`;
    expect(protocol.readRequest(json(body), limits).inputs[0]?.data).toEqual(new Float64Array([1, 2, 3.25, -4, 5]));
  });

  it.each([
    ['more than the shape', { data: [1, 2, 3, 4, 5] }],
    ['fewer than the shape', { data: [1, 2, 3] }],
    ['nested otherwise', { data: [[1, 2, 3, 4]] }],
    ['nested in one place', { data: [[1, 2], 3, 4] }],
    ['nested in another place', { data: [1, 2, [3, 4]] }],
    [
      'nested too deeply',
      {
        data: [
          [[1], [2]],
          [[3], [4]],
        ],
      },
    ],
    ['nested for one dimension', { shape: [4], data: [[1, 2, 3, 4]] }],
    ['no array', { data: 1 }],
    ['null', { data: [1, 2, 3, null] }],
    ['a text among numbers', { data: [1, 2, 3, '4'] }],
    ['a number among texts', { datatype: 'BYTES', data: ['a', 'b', 'c', 4] }],
    ['0 and 1 for BOOL', { datatype: 'BOOL', data: [0, 1, 0, 1] }],
    ['a fraction for INT32', { datatype: 'INT32', data: [1, 2, 3, 4.5] }],
    ['a boolean for FP32', { datatype: 'FP32', data: [1, 2, 3, true] }],
    ['beyond UINT8', { datatype: 'UINT8', data: [0, 1, 2, 256] }],
    ['below UINT8', { datatype: 'UINT8', data: [0, 1, 2, -1] }],
    ['beyond INT8', { datatype: 'INT8', data: [0, 1, 2, 128] }],
    ['below INT8', { datatype: 'INT8', data: [0, 1, 2, -129] }],
    ['beyond UINT16', { datatype: 'UINT16', data: [0, 1, 2, 65_536] }],
    ['beyond INT16', { datatype: 'INT16', data: [0, 1, 2, 32_768] }],
    ['beyond INT32', { datatype: 'INT32', data: [0, 1, 2, 2_147_483_648] }],
    ['below INT32', { datatype: 'INT32', data: [0, 1, 2, -2_147_483_649] }],
    ['beyond UINT32', { data: [0, 1, 2, 4_294_967_296] }],
    ['below UINT64', { datatype: 'UINT64', data: [0, 1, 2, -1] }],
    ['beyond FP32', { datatype: 'FP32', data: [0, 1, 2, 3.5e38] }],
  ])('refused: %s', (_, changed) => {
    expect(ofRequest(json(withTensor(changed)))).toMatch(/^HF_GATEWAY_MALFORMED body, byte \d+$/);
  });

  it.each([
    ['1.0 for INT64', 'INT64', '1.0'],
    ['1e2 for INT64', 'INT64', '1e2'],
    ['2^63 for INT64', 'INT64', '9223372036854775808'],
    ['-2^63-1 for INT64', 'INT64', '-9223372036854775809'],
    ['2^64 for UINT64', 'UINT64', '18446744073709551616'],
    ['NaN for FP32', 'FP32', 'NaN'],
    ['Infinity for FP64', 'FP64', '-Infinity'],
    ['1e309 for FP64', 'FP64', '1e309'],
  ])('refused: %s', (_, datatype, element) => {
    const body = `{"inputs":[{"name":"a","shape":[1],"datatype":"${datatype}","data":[${element}]}]}`;
    expect(ofRequest(json(body))).toMatch(/^HF_GATEWAY_MALFORMED body, byte \d+$/);
  });
});

describe('a request', () => {
  it.each([
    ['no object', [], 'body, byte 0'],
    ['no inputs', {}, 'inputs'],
    ['empty inputs', { inputs: [] }, 'inputs'],
    ['an unknown key', { inputs: [tensor], Inputs: [] }, 'body, byte 90'],
    ['an unknown key of a tensor', withTensor({ Data: [] }), 'inputs[0]'],
    ['an unknown key of an output', { inputs: [tensor], outputs: [{ name: 'a', data: [] }] }, 'outputs[0]'],
    ['no name', withTensor({ name: undefined }), 'inputs[0]'],
    ['no shape', withTensor({ shape: undefined }), 'inputs[0]'],
    ['no datatype', withTensor({ datatype: undefined }), 'inputs[0]'],
    ['no data', withTensor({ data: undefined }), 'inputs[0]'],
    ['an unknown datatype', withTensor({ datatype: 'BF16' }), 'inputs[0].datatype'],
    ['a datatype in lower case', withTensor({ datatype: 'uint32' }), 'inputs[0].datatype'],
    ['a datatype of objects', withTensor({ datatype: '__proto__' }), 'inputs[0].datatype'],
    ['FP16 in JSON', withTensor({ datatype: 'FP16' }), 'datatype'],
    ['a negative dimension', withTensor({ shape: [-1, 4] }), 'inputs[0].shape'],
    ['a broken dimension', withTensor({ shape: [1.5] }), 'inputs[0].shape'],
    ['a name twice', { inputs: [tensor, tensor] }, 'inputs[1].name'],
    ['an output twice', { inputs: [tensor], outputs: [{ name: 'a' }, { name: 'a' }] }, 'outputs[1]'],
    ['an output without name', { inputs: [tensor], outputs: [{}] }, 'outputs[0]'],
    ['another model', { model_name: 'other', inputs: [tensor] }, 'model_name'],
    ['shared memory', withTensor({ parameters: { shared_memory_region: 'r' } }), 'inputs[0].parameters'],
    [
      'an output in shared memory',
      { inputs: [tensor], outputs: [{ name: 'a', parameters: { shared_memory_region: 'r' } }] },
      'outputs[0].parameters',
    ],
    [
      'binary data without header',
      withTensor({ data: undefined, parameters: { binary_data_size: 16 } }),
      'inputs[0].parameters.binary_data_size',
    ],
    ['a flag that is none', { inputs: [tensor], parameters: { binary_data_output: 1 } }, 'body, byte 116'],
  ])('refused: %s', (_, body, where) => {
    expect(ofRequest(json(body))).toBe(malformed(where));
  });

  it.each([
    ['elements', withTensor({ shape: [10_001], data: [] }), 'inputs[0].shape'],
    ['elements of a product', withTensor({ shape: [200, 200], data: [] }), 'inputs[0].shape'],
    [
      'elements of two tensors',
      { inputs: [tensor, { ...tensor, name: 'b', shape: [9_999], data: [] }] },
      'inputs[1].shape',
    ],
    ['dimensions', withTensor({ shape: Array.from({ length: 65 }, () => 1) }), 'inputs[0].shape'],
    ['tensors', { inputs: Array.from({ length: 33 }, (_, at) => ({ ...tensor, name: `${at}` })) }, 'inputs'],
    [
      'outputs',
      { inputs: [tensor], outputs: Array.from({ length: 33 }, (_, at) => ({ name: `${at}` })) },
      'outputs[32]',
    ],
  ])('refused: too many %s', (_, body, where) => {
    expect(ofRequest(json(body))).toBe(`HF_GATEWAY_TOO_LARGE ${where}`);
  });

  it('refused: nothing is allocated for what is not there', () => {
    const roomy = { ...limits, elements: 2 ** 40 };
    const body = json(withTensor({ shape: [2 ** 39], data: [] }));
    expect(() => protocol.readRequest(body, roomy)).toThrow('fewer elements');
  });

  it('keeps parameters for the model server', () => {
    const parameters = { content_type: 'np', headers: { a: [1, null] }, priority: 2 };
    expect(ofRequest(json({ parameters, inputs: [{ ...tensor, parameters }] }))).toBe('taken');
  });

  it.each([
    ['none', undefined],
    ['text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['JSON in UTF-16', 'application/json; charset=utf-16'],
    ['JSON twice', 'application/json, application/json'],
    ['binary without the header', 'application/octet-stream'],
  ])('refused: content type, %s', (_, type) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    const refused = ofRequest({ ...json({ inputs: [tensor] }), headers });
    expect(refused).toBe('HF_GATEWAY_UNSUPPORTED header content-type');
  });

  it('takes JSON that says UTF-8', () => {
    for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/json;charset="UTF-8"']) {
      expect(ofRequest({ ...json({ inputs: [tensor] }), headers: { 'content-type': type } })).toBe('taken');
    }
  });
});

describe('binary data', () => {
  const head = (size: unknown, changed: object = {}): unknown => ({
    inputs: [{ name: 'a', shape: [2], datatype: 'FP32', parameters: { binary_data_size: size }, ...changed }],
  });

  it('is a view of the body where it is aligned, and a copy where not', () => {
    for (let shift = 0; shift < 4; shift += 1) {
      const http = binary(head(8, { name: 'a'.repeat(1 + shift) }), floats(1.5, -2));
      const { data } = protocol.readRequest(http, limits).inputs[0] ?? {};
      expect(data).toEqual(new Float32Array([1.5, -2]));
      const { byteOffset, length, buffer } = http.body;
      const isAligned = (byteOffset + length) % 4 === 0;
      expect((data as Float32Array).buffer === buffer).toBe(isAligned);
    }
  });

  it('has texts that are no UTF-8 byte by byte', () => {
    const element = (bytes: number[]): Buffer => Buffer.from([bytes.length, 0, 0, 0, ...bytes]);
    const data = [element([0xff, 0xd8, 0x41]), element([0xc3, 0xbc])];
    const http = binary(head(14 - 1, { datatype: 'BYTES' }), ...data);
    expect(protocol.readRequest(http, limits).inputs[0]?.data).toEqual(['\u00ff\u00d8A', 'ü']);
  });

  it.each([
    ['a size that shape and datatype do not make', binary(head(4), floats(1)), 'inputs[0].parameters.binary_data_size'],
    ['a body that ends before', binary(head(8), floats(1)), 'inputs[0].parameters.binary_data_size'],
    ['a body that goes on', binary(head(8), floats(1, 2, 3)), 'body'],
    ['a negative size', binary(head(-8), floats(1, 2)), 'inputs[0].parameters.binary_data_size'],
    ['a broken size', binary(head(8.5), floats(1, 2)), 'inputs[0].parameters.binary_data_size'],
    ['a huge size', binary(head(2 ** 62), floats(1, 2)), 'inputs[0].parameters.binary_data_size'],
    ['data beside it', binary(head(8, { data: [1, 2] }), floats(1, 2)), 'inputs[0]'],
    ['a BOOL of 2', binary(head(2, { datatype: 'BOOL' }), Buffer.from([1, 2])), 'inputs[0]'],
    ['a BYTES length that is cut', binary(head(3, { datatype: 'BYTES' }), Buffer.from([0, 0, 0])), 'inputs[0]'],
    [
      'a BYTES element that is cut',
      binary(head(6, { datatype: 'BYTES' }), Buffer.from([3, 0, 0, 0, 1, 2])),
      'inputs[0]',
    ],
    ['a huge BYTES element', binary(head(4, { datatype: 'BYTES' }), Buffer.from([255, 255, 255, 255])), 'inputs[0]'],
    ['too few BYTES', binary(head(4, { datatype: 'BYTES' }), Buffer.from([0, 0, 0, 0])), 'inputs[0]'],
    ['too many BYTES', binary(head(12, { datatype: 'BYTES' }), Buffer.alloc(12)), 'inputs[0]'],
    ['nothing but data', binary({}, floats(1)), 'inputs'],
  ])('refused: %s', (_, http, where) => {
    expect(ofRequest(http)).toBe(malformed(where));
  });

  it.each(['0', '-1', '1e1', '0x10', ' 12', '1.0', '', '99999', '9999999999999999999', '12, 12', '012'])(
    'refused: %j as length of the JSON part',
    (length) => {
      const { body, headers } = binary(head(8), floats(1, 2));
      const http = { body, headers: { ...headers, 'inference-header-content-length': length } };
      expect(ofRequest(http)).toMatch(/^HF_GATEWAY_MALFORMED/);
    },
  );

  it('refused: a length that cuts JSON, or takes data for JSON', () => {
    const { body, headers } = binary(head(8), floats(1, 2));
    for (const shift of [-1, 1]) {
      const length = Number(headers['inference-header-content-length']) + shift;
      const http = { body, headers: { ...headers, 'inference-header-content-length': `${length}` } };
      expect(ofRequest(http)).toMatch(/^HF_GATEWAY_MALFORMED/);
    }
  });
});
