import { describe, expect, it } from 'vitest';
import {
  type DataType,
  dataTypes,
  describeModel,
  elementCount,
  type OnnxErrorCode,
  readModel,
  stringsOf,
  type Tensor,
  valuesOf,
  writeModel,
} from '../src/index.ts';
import { vector, vectorJson } from './vectors.ts';
import { logisticRegression } from './written-models.ts';

interface Facts {
  readonly file: string;
  readonly irVersion: number;
  readonly opsets: Record<string, number>;
  readonly producer: { name: string; version: string };
  readonly graph: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly nodes: [domain: string, opType: string, inputs: string[], outputs: string[], attributes: string[]][];
  readonly tensors: Record<string, { type: string; dims: number[]; values?: (number | string | boolean)[] }>;
}
// What Python's onnx reads in the files (version in the file).
const { models } = vectorJson('valid/onnx-read.json') as { models: Record<string, Facts> };

function load(name: string) {
  return readModel(vector(`valid/onnx-${name}.onnx`));
}

/** A tensor's values as Python wrote them down: 64-bit integers as text, truth as truth. */
function values(tensor: Tensor): unknown[] {
  if (tensor.dataType === 'STRING') return stringsOf(tensor);
  const list = [...(valuesOf(tensor, tensor.dataType as 'FLOAT') as Iterable<unknown>)];
  if (tensor.dataType === 'BOOL') return list.map(Boolean);
  return list.map((value) => (typeof value === 'bigint' ? String(value) : value));
}

describe.each(Object.entries(models))('%s, as Python reads it', (name, facts) => {
  const model = load(name);

  it('has the same versions, names and nodes', () => {
    expect(describeModel(model)).toMatchObject({
      irVersion: facts.irVersion,
      opsets: facts.opsets,
      producer: facts.producer,
      graph: facts.graph,
    });
    expect(model.graph.inputs.map((value) => value.name)).toEqual(facts.inputs);
    expect(model.graph.outputs.map((value) => value.name)).toEqual(facts.outputs);
    const nodes = model.graph.nodes.map((n) => [
      n.domain,
      n.opType,
      n.inputs,
      n.outputs,
      [...n.attributes.keys()].sort(),
    ]);
    expect(nodes).toEqual(facts.nodes);
  });

  it('has the same tensors with the same values', () => {
    expect([...model.graph.initializers.keys()]).toEqual(Object.keys(facts.tensors));
    for (const [tensorName, expected] of Object.entries(facts.tensors)) {
      const tensor = model.graph.initializers.get(tensorName)!;
      expect([tensor.dataType, tensor.dims], tensorName).toEqual([expected.type, expected.dims]);
      if (expected.values) expect(values(tensor), tensorName).toEqual(expected.values);
    }
  });

  it('loses nothing when it is written again', () => {
    const again = readModel(writeModel(model));
    expect(again).toEqual(model);
    expect(describeModel(again)).toEqual(describeModel(model));
  });
});

describe('types', () => {
  it('are all that Python knows, each as a list and as raw bytes', () => {
    const { initializers } = load('types').graph;
    expect(Object.keys(dataTypes).filter((type) => !initializers.has(type))).toEqual([]);
    const raw = [...initializers.values()]
      .filter(({ content }) => content.kind === 'raw')
      .map(({ name }) => name.replace('_RAW', ''));
    expect(new Set(raw).size).toBeGreaterThanOrEqual(Object.keys(dataTypes).length - 1);
  });

  it('hands out values only of the type that is asked for, and only where they are', () => {
    const w = load('external').graph.initializers.get('w')!;
    expect(() => valuesOf(w, 'FLOAT')).toThrow(expect.objectContaining({ code: 'HF_ONNX_NO_VALUES', exit: 2 }));
    expect(() => stringsOf(w)).toThrow(expect.objectContaining({ code: 'HF_ONNX_NO_VALUES' }));
    expect(() => valuesOf(w, 'INT64')).toThrow(expect.objectContaining({ code: 'HF_ONNX_TYPE' }));
  });
});

describe('attributes', () => {
  const { graph } = load('attributes');
  const get = (name: string) => graph.nodes[0]!.attributes.get(name);

  it('of every type keep their value', () => {
    expect(get('float')).toEqual({ type: 'FLOAT', value: 0.5 });
    expect(get('int')).toEqual({ type: 'INT', value: -(2n ** 63n) });
    expect(get('string')).toEqual({ type: 'STRING', value: new TextEncoder().encode('text') });
    expect(get('floats')).toEqual({ type: 'FLOATS', value: [1, 2] });
    expect(get('ints')).toEqual({ type: 'INTS', value: [1n, 2n] });
    expect(get('type')).toEqual({
      type: 'TYPE_PROTO',
      value: { kind: 'tensor', elementType: 'FLOAT', shape: [1, null, 'd'] },
    });
    expect(get('graph')).toMatchObject({ type: 'GRAPH', value: { nodes: [{ opType: 'Neg' }] } });
    expect(get('graphs')).toMatchObject({ type: 'GRAPHS', value: [{ nodes: [{ opType: 'Neg' }] }] });
    expect(get('sparse')).toMatchObject({ type: 'SPARSE_TENSOR', value: { dims: [5] } });
  });

  it('refer to those of their function', () => {
    const [definition] = load('subgraph').functions;
    expect(definition!.nodes[0]!.attributes.get('value_float')).toEqual({
      type: 'REFERENCE',
      to: 'factor',
      of: 'FLOAT',
    });
  });
});

describe('describeModel', () => {
  it('says what a model is, in JSON', () => {
    expect(describeModel(load('external'))).toEqual({
      irVersion: 8,
      opsets: { 'ai.onnx': 17 },
      producer: { name: 'python', version: '1' },
      graph: 'g',
      inputs: [{ name: 'x', type: 'FLOAT', shape: ['N', 2] }],
      outputs: [{ name: 'y', type: 'FLOAT', shape: ['N', 2] }],
      operators: { Add: 1 },
      parameters: 2,
      customDomains: [],
      externalFiles: ['weights/w.bin'],
      functions: [],
      hasTrainingInfo: false,
    });
  });

  it('counts operators in subgraphs and functions', () => {
    const description = describeModel(load('subgraph'));
    // If; Add and Mul in its branches; the call; Constant and Mul in the function
    expect(description.operators).toEqual({ Add: 1, Constant: 1, If: 1, Mul: 2, 'example.local::Scaled': 1 });
    expect(description.functions).toEqual(['example.local::Scaled']);
    expect(description.customDomains).toEqual([]);
  });

  it('names domains that run code of their own, and types that are no tensors', () => {
    const description = describeModel(load('attributes'));
    expect(description.customDomains).toEqual(['example.custom']);
    expect(description.inputs.map(({ type }) => type)).toEqual([
      'FLOAT',
      'sequence(FLOAT)',
      'optional(INT64)',
      'map(STRING, FLOAT)',
      'sparse(FLOAT)',
    ]);
    expect(describeModel(load('sklearn')).outputs.at(-1)).toEqual({
      name: 'output_probability',
      type: 'sequence(map(INT64, FLOAT))',
    });
  });
});

describe('what must be refused', () => {
  const { vectors } = vectorJson('must-fail/onnx/index.json') as {
    vectors: { file: string; code: OnnxErrorCode; why: string }[];
  };

  it.each(vectors)('$file: $why', ({ file, code }) => {
    expect(() => readModel(vector(`must-fail/onnx/${file}`))).toThrow(
      expect.objectContaining({ name: 'OnnxError', code }),
    );
  });

  it.each([
    ['fileBytes', 217],
    ['messages', 10],
    ['nodes', 2],
    ['tensors', 1],
    ['depth', 4],
    ['textBytes', 7],
    ['rank', 1],
    ['elements', 2],
  ] as const)('more than the limit: %s %d', (limit, most) => {
    // 218 bytes; 3 nodes, 2 tensors, 2 dimensions of 3 elements; the longest name is `multiply`.
    const bytes = writeModel(logisticRegression());
    expect(bytes).toHaveLength(218);
    expect(() => readModel(bytes, { [limit]: most })).toThrow(expect.objectContaining({ code: 'HF_ONNX_LIMIT' }));
    expect(() => readModel(bytes, { [limit]: most + 100 })).not.toThrow();
  });

  it('more entries of lists than the limit', () => {
    const bytes = vector('valid/onnx-types.onnx');
    expect(() => readModel(bytes, { entries: 10 })).toThrow(expect.objectContaining({ code: 'HF_ONNX_LIMIT' }));
  });

  it('functions that call each other in a long row', () => {
    const model = load('subgraph');
    const [first] = model.functions;
    const row = Array.from({ length: 100 }, (_, index) => ({
      ...first!,
      name: `f${index}`,
      nodes: [{ ...first!.nodes[1]!, domain: 'example.local', opType: `f${index + 1}`, inputs: ['a'], outputs: ['b'] }],
      opsets: new Map([['example.local', 1]]),
    }));
    expect(() => writeModel({ ...model, functions: [first!, ...row] })).toThrow(
      expect.objectContaining({ code: 'HF_ONNX_LIMIT' }),
    );
  });

  it('shows names without what a terminal would obey', () => {
    const model = logisticRegression();
    const nodes = model.graph.nodes.map((n) => ({ ...n, inputs: ['\u001b[31m\u202e'] }));
    expect(() => writeModel({ ...model, graph: { ...model.graph, nodes } })).toThrow(
      /^nothing produces the input `\uFFFD\[31m\uFFFD`$/,
    );
  });
});

describe('operator sets', () => {
  /** Another entry of the list: field 8 of ModelProto, with a version (field 2) of the standard domain. */
  const withOpset = (version: number) =>
    Buffer.concat([vector('valid/onnx-subgraph.onnx'), Buffer.of(0x42, 2, 0x10, version)]);

  it('may say the same twice, as skl2onnx 1.20 writes it', () => {
    expect(readModel(withOpset(17)).opsets).toEqual(load('subgraph').opsets);
    expect(load('subgraph').opsets.get('')).toBe(17);
  });

  it.each([16, 18])('may not say two things about one domain', (version) => {
    expect(() => readModel(withOpset(version))).toThrow(expect.objectContaining({ code: 'HF_ONNX_DUPLICATE_NAME' }));
  });
});

describe('weights', () => {
  it('are views into the file, aligned or not', () => {
    const bytes = writeModel(logisticRegression());
    for (const shift of [0, 1, 2, 3]) {
      const moved = Buffer.alloc(bytes.length + 8, 0xff).subarray(shift, bytes.length + shift);
      moved.set(bytes);
      const w = readModel(moved).graph.initializers.get('w')!;
      expect(w.content.kind === 'raw' && w.content.bytes.buffer).toBe(moved.buffer);
      expect(valuesOf(w, 'FLOAT')).toEqual(Float32Array.of(0.5, -1.25, 2));
    }
  });

  it('have as many elements as their dimensions multiply to', () => {
    expect([[], [0], [2, 3], [7, 0, 2]].map(elementCount)).toEqual([1, 0, 6, 0]);
    const bits: DataType[] = ['INT4', 'UINT2', 'FLOAT6E2M3', 'COMPLEX128'];
    expect(bits.map((type) => dataTypes[type].bits)).toEqual([4, 2, 6, 128]);
  });
});
