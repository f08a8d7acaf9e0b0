import { describe, expect, it } from 'vitest';
import type { HttpBody, NamedTensor } from '../../src/protocols/inference.ts';
import { binary, json, limits, protocol, refusal } from './open-inference-scene.ts';

const ofResponse = (http: HttpBody): string => refusal(() => protocol.readResponse(http, limits));
const text = ({ body }: HttpBody): string => Buffer.from(body).toString();

/** Writes what was read with other elements for one output. */
function rewritten(http: HttpBody, name: string, data: NamedTensor['data']): HttpBody {
  const { outputs } = protocol.readResponse(http, limits);
  return protocol.writeResponse(http, {
    outputs: outputs.map((output) => (output.name === name ? { ...output, data } : output)),
  });
}

describe('an answer', () => {
  it('of the specification (inference_rest.md, but for a comma that lacks there)', () => {
    const example = `{
      "id" : "42",
      "outputs" : [
        {
          "name" : "output0",
          "shape" : [ 3, 2 ],
          "datatype"  : "FP32",
          "data" : [ 1.0, 1.1, 2.0, 2.1, 3.0, 3.1 ]
        }
      ]
    }`;
    expect(protocol.readResponse(json(example), limits)).toEqual({
      outputs: [{ name: 'output0', shape: [3, 2], datatype: 'FP32', data: new Float32Array([1, 1.1, 2, 2.1, 3, 3.1]) }],
    });
    expect(ofResponse(json(example.replace('"42",', '"42"')))).toMatch(/^HF_GATEWAY_UPSTREAM body, byte/);
  });

  it('of the extension (extension_binary_data.md, "Examples")', () => {
    const parameters = { binary_data_size: 24 };
    const head = { outputs: [{ name: 'output0', shape: [3, 2], datatype: 'FP32', parameters }] };
    const data = new Float32Array([1, 1.1, 2, 2.1, 3, 3.1]);
    expect(protocol.readResponse(binary(head, Buffer.from(data.buffer)), limits)).toEqual({
      outputs: [{ name: 'output0', shape: [3, 2], datatype: 'FP32', data }],
    });
  });

  it('may say more than is asked for', () => {
    const output = { name: 'p', shape: [1], datatype: 'INT64', data: [1], parameters: null, took: 1 };
    expect(ofResponse(json({ model_name: 'x', time: { ms: [3] }, parameters: null, outputs: [output] }))).toBe('taken');
  });

  it.each([
    ['no JSON', json('<html>')],
    ['no outputs', json({ error: 'no' })],
    ['an output without data', json({ outputs: [{ name: 'p', shape: [1], datatype: 'FP32' }] })],
    ['an output twice', json('{"outputs":[],"outputs":[]}')],
    [
      'two outputs of one name',
      json({ outputs: [0, 1].map(() => ({ name: 'p', shape: [0], datatype: 'FP32', data: [] })) }),
    ],
    ['NaN', json('{"outputs":[{"name":"p","shape":[1],"datatype":"FP32","data":[NaN]}]}')],
    ['more than the limits', json({ outputs: [{ name: 'p', shape: [10_001], datatype: 'FP32', data: [] }] })],
    [
      'shared memory',
      json({ outputs: [{ name: 'p', shape: [1], datatype: 'FP32', parameters: { shared_memory_region: 'r' } }] }),
    ],
    ['data left over', binary({ outputs: [] }, Buffer.alloc(1))],
  ])('refused: %s', (_, http) => {
    expect(ofResponse(http)).toMatch(/^HF_GATEWAY_UPSTREAM/);
  });
});

describe('an answer that is written', () => {
  const before =
    '{ "model_name":"m","took":1.50,\n"outputs":[{"name":"label","shape":[1],"datatype":"INT64","data":[ 2 ]},';
  const scores = '{"data":DATA,"name":"scores","shape":[1,3],"datatype":"FP32","parameters":{"x":[1.0]}}';
  const behind = '],"id" : "\\u0041" } ';

  it('keeps every other byte', () => {
    for (const [data, changed] of [
      ['[0.123456, 0.2e0,0.7]', '[0.12,0.2,0.7]'],
      ['[ [0.123456, 0.2e0,0.7] ]', '[[0.12,0.2,0.7]]'],
    ] as const) {
      const http = json(before + scores.replace('DATA', data) + behind);
      const written = rewritten(http, 'scores', new Float32Array([0.12, 0.2, 0.7]));
      expect(text(written)).toBe(before + scores.replace('DATA', changed) + behind);
      expect(written.headers).toBe(http.headers);
    }
  });

  it('is the same when nothing changed', () => {
    const http = json(before + scores.replace('DATA', '[1,2,3]') + behind);
    const { body } = protocol.writeResponse(http, protocol.readResponse(http, limits));
    expect(body).toBe(http.body);
  });

  it('is right when another answer was read meanwhile', () => {
    const http = json(before + scores.replace('DATA', '[1,2,3]') + behind);
    const { outputs } = protocol.readResponse(http, limits);
    protocol.readResponse(json({ outputs: [] }), limits);
    const changed = outputs.map((output) =>
      output.name === 'label' ? { ...output, data: new BigInt64Array([7n]) } : output,
    );
    expect(text(protocol.writeResponse(http, { outputs: changed }))).toContain('"data":[7]}');
  });

  const head = (...sizes: number[]): object => ({
    outputs: sizes.map((size, at) => ({
      ...{ name: `o${at}`, shape: [2], datatype: ['FP32', 'BYTES', 'FP16'][at] },
      parameters: { binary_data_size: size },
    })),
  });
  const texts = (...elements: string[]): Buffer =>
    Buffer.concat(elements.map((element) => Buffer.from([element.length, 0, 0, 0, ...Buffer.from(element)])));
  const floats = (...values: number[]): Buffer => Buffer.from(new Float32Array(values).buffer);
  const halves = Buffer.from([0x00, 0x3c, 0x00, 0xc0]);

  it('is binary where it was', () => {
    const http = binary(head(8, 10, 4), floats(1, 2), texts('a', 'b'), halves);
    expect(rewritten(http, 'o0', new Float32Array([3, 4]))).toEqual(
      binary(head(8, 10, 4), floats(3, 4), texts('a', 'b'), halves),
    );
    expect(rewritten(http, 'o2', new Float32Array([-2, 1]))).toEqual(
      binary(head(8, 10, 4), floats(1, 2), texts('a', 'b'), Buffer.from([0x00, 0xc0, 0x00, 0x3c])),
    );
  });

  it('has its sizes and its header adapted', () => {
    const http = binary(head(8, 10, 4), floats(1, 2), texts('a', 'b'), halves);
    expect(rewritten(http, 'o1', ['', 'c'])).toEqual(binary(head(8, 9, 4), floats(1, 2), texts('', 'c'), halves));
    expect(rewritten(http, 'o1', ['x'.repeat(100), 'c'])).toEqual(
      binary(head(8, 109, 4), floats(1, 2), texts('x'.repeat(100), 'c'), halves),
    );
  });

  it.each([
    ['another size', new Float32Array([1, 2]), {}],
    ['another datatype', new Float64Array([1, 2, 3]), { datatype: 'FP64' }],
    ['a number that JSON does not have', new Float32Array([1, 2, Number.NaN]), {}],
  ] as const)('refused: %s', (_, data, changed) => {
    const http = json(before + scores.replace('DATA', '[1,2,3]') + behind);
    const outputs = protocol
      .readResponse(http, limits)
      .outputs.map((each) => (each.name === 'scores' ? { ...each, data, ...changed } : each));
    expect(refusal(() => protocol.writeResponse(http, { outputs }))).toBe('HF_GATEWAY_INTERNAL ');
  });
});
