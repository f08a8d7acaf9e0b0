import type { DatasetProfile } from '@holdfast/evidence';
import type { InputSchema } from '@holdfast/gateway/protection/schema/input-schema';
import { schemaOf } from '@holdfast/gateway/protection/schema/schema-of';
import { schemaProtection } from '@holdfast/gateway/protection/schema/schema-protection';
import type { Datatype, InferenceRequest } from '@holdfast/gateway/protocols/inference';
import type { DataType, Dimension, ValueInfo } from '@holdfast/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caller, matrixOf, requestOf, tensorOf } from './requests.ts';

type Column = DatasetProfile['columns'][number];

function inputOf(name: string, elementType: DataType, shape: readonly Dimension[]): ValueInfo {
  return { name, type: { kind: 'tensor', elementType, shape } };
}

const graphOf = (...inputs: readonly ValueInfo[]) => ({ inputs, initializers: new Map() });

function numbers(name: string, least: number, greatest: number, more: Partial<Column> = {}): Column {
  const of = { mean: 0, zeros: 0, negatives: 0, infinite: 0, least, greatest };
  return { name, type: 'number', native: 'DOUBLE', present: 100, missing: 0, numbers: of, ...more };
}

function texts(name: string, values: readonly string[], more: Partial<Column> = {}): Column {
  const top = { isExact: true, values: values.map((value) => ({ value, count: 10 })) };
  const distinct = { count: values.length, isExact: true, error: 0 };
  return { name, type: 'text', native: 'VARCHAR', present: 100, missing: 0, distinct, top, ...more };
}

function profileOf(...columns: readonly Column[]): DatasetProfile {
  const check = { name: 'data.profile', version: '0.1.0' };
  return { check, options: {}, values: 'shown', rows: 100, missing: 0, columns: [...columns], left: [] };
}

const judge = (schema: InputSchema, request: InferenceRequest, datatypes: 'exact' | 'alike' = 'exact') =>
  schemaProtection(schema, { datatypes }).judge(request, caller, 0)?.rule;

const profile = profileOf(
  numbers('age', 20, 70, { type: 'integer' }),
  numbers('rate', 0, 1, { missing: 3 }),
  texts('job', ['clerk', 'cook']),
  numbers('label', 0, 1, { type: 'integer' }),
);

describe('a schema from the ONNX signature alone', () => {
  const schema = schemaOf(graphOf(inputOf('image', 'FLOAT', ['N', 1, 2, null]), inputOf('mask', 'BOOL', ['N', 'W'])));
  const image = (shape: readonly number[], size: number) => tensorOf('image', 'FP32', shape, new Float32Array(size));
  const mask = (shape: readonly number[], value = 1) =>
    tensorOf('mask', 'BOOL', shape, new Uint8Array(shape.reduce((a, b) => a * b, 1)).fill(value));

  it('says that values are not bounded', () => {
    expect(schema.left).toEqual(['no profile of the training data: values are not bounded']);
  });

  it('takes what fits, in any order', () => {
    expect(judge(schema, requestOf(image([2, 1, 2, 3], 12), mask([2, 5])))).toBeUndefined();
    expect(judge(schema, requestOf(mask([2, 5]), image([2, 1, 2, 3], 12)))).toBeUndefined();
  });

  it.each([
    ['names', [image([2, 1, 2, 3], 12)]],
    ['names', [image([2, 1, 2, 3], 12), mask([2, 5]), mask([2, 5])]],
    ['names', [image([2, 1, 2, 3], 12), image([2, 1, 2, 3], 12)]],
    ['names', [image([2, 1, 2, 3], 12), tensorOf('Mask', 'BOOL', [2, 5], new Uint8Array(10))]],
    ['datatype', [tensorOf('image', 'FP64', [2, 1, 2, 3], new Float64Array(12)), mask([2, 5])]],
    ['shape', [image([2, 1, 6], 12), mask([2, 5])]],
    ['shape', [image([2, 2, 2, 3], 24), mask([2, 5])]],
    ['shape', [image([2, 1, 2, 0], 0), mask([2, 5])]],
    ['shape', [image([2, 1, 2, 3], 11), mask([2, 5])]],
    ['shape', [image([2, 1, 2, 3], 12), mask([3, 5])]],
    ['shape', [image([2, 1, 2, Number.NaN], 12), mask([2, 5])]],
    ['range', [image([2, 1, 2, 3], 12), mask([2, 5], 2)]],
  ])('refuses for its %s', (rule, tensors) => {
    expect(judge(schema, requestOf(...tensors))).toBe(`gateway.schema.${rule}`);
  });

  it('refuses NaN and infinities', () => {
    for (const [value, rule] of [
      [Number.NaN, 'missing'],
      [Number.POSITIVE_INFINITY, 'finite'],
    ] as const) {
      const tensor = image([1, 1, 2, 1], 2);
      (tensor.data as Float32Array)[1] = value;
      expect(judge(schema, requestOf(tensor, mask([1, 5])))).toBe(`gateway.schema.${rule}`);
    }
  });

  it('refuses a model that no request can ask', () => {
    const refused = expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error;
    expect(() => schemaOf(graphOf())).toThrow(refused);
    expect(() => schemaOf(graphOf(inputOf('x', 'COMPLEX64', [1])))).toThrow(refused);
    expect(() => schemaOf(graphOf({ name: 'x', type: { kind: 'sequence' } }))).toThrow(refused);
    expect(() => schemaOf(graphOf({ name: 'x' }))).toThrow(refused);
  });
});

describe('a schema with the profile of the training data', () => {
  const separate = schemaOf(
    graphOf(
      inputOf('age', 'INT64', [null, 1]),
      inputOf('rate', 'FLOAT', [null, 1]),
      inputOf('job', 'STRING', [null, 1]),
    ),
    { profile, margin: 0 },
  );
  const row = (age: bigint, rate: number, job: string) =>
    requestOf(
      tensorOf('age', 'INT64', [1, 1], BigInt64Array.of(age)),
      tensorOf('rate', 'FP32', [1, 1], Float32Array.of(rate)),
      tensorOf('job', 'BYTES', [1, 1], [job]),
    );

  it.each([
    [row(20n, 0, 'clerk'), undefined],
    [row(70n, 1, 'cook'), undefined],
    [row(70n, Number.NaN, 'cook'), undefined],
    [row(19n, 0, 'clerk'), 'gateway.schema.range'],
    [row(71n, 0, 'clerk'), 'gateway.schema.range'],
    [row(30n, 1.001, 'clerk'), 'gateway.schema.range'],
    [row(30n, -0.001, 'clerk'), 'gateway.schema.range'],
    [row(30n, 1, 'Clerk'), 'gateway.schema.category'],
    [row(30n, 1, '__proto__'), 'gateway.schema.category'],
    [row(30n, 1, ''), 'gateway.schema.missing'],
    [row(2n ** 63n - 1n, 1, 'cook'), 'gateway.schema.range'],
  ])('judges a row by range, category and what is missing', (request, rule) => {
    expect(judge(separate, request)).toBe(rule);
  });

  it('widens a range by the margin, and a bound that 32 bits round is a value still', () => {
    const schema = schemaOf(graphOf(inputOf('x', 'FLOAT', ['N', 1])), { columns: ['rate'], profile, margin: 0.1 });
    expect(judge(schema, matrixOf('x', [[1.1]]))).toBeUndefined();
    expect(judge(schema, matrixOf('x', [[1.11]]))).toBe('gateway.schema.range');
    const tight = schemaOf(graphOf(inputOf('x', 'FLOAT', ['N', 1])), {
      ...{ profile: profileOf(numbers('x', 0.1, 0.7)), margin: 0 },
    });
    for (const value of [0.1, 0.7]) expect(judge(tight, matrixOf('x', [[value]]))).toBeUndefined();
  });

  const matrix = graphOf(inputOf('x', 'FLOAT', ['N', 2]));
  const twoColumns = schemaOf(matrix, { profile, columns: ['age', 'rate'], margin: 0 });

  it('knows the columns of a matrix, row after row', () => {
    expect(
      judge(
        twoColumns,
        matrixOf('x', [
          [20, 0],
          [70, 1],
        ]),
      ),
    ).toBeUndefined();
    expect(
      judge(
        twoColumns,
        matrixOf('x', [
          [20, 0],
          [70, 1.1],
        ]),
      ),
    ).toBe('gateway.schema.range');
    expect(
      judge(
        twoColumns,
        matrixOf('x', [
          [20, 0],
          [30.5, 1],
        ]),
      ),
    ).toBe('gateway.schema.whole');
    expect(
      judge(
        twoColumns,
        matrixOf('x', [
          [20, 0],
          [Number.NaN, 1],
        ]),
      ),
    ).toBe('gateway.schema.missing');
  });

  it('names the feature and never the value', () => {
    const said = schemaProtection(twoColumns).judge(matrixOf('x', [[12345, 0]]), caller, 0);
    expect(said?.message).toContain('`age`');
    expect(said?.message).not.toContain('12345');
  });

  it('says which columns do not fit, and what is not bounded', () => {
    const refused = expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error;
    expect(() => schemaOf(matrix, { profile })).toThrow(refused);
    expect(() => schemaOf(matrix, { profile, columns: ['age', 'height'] })).toThrow(refused);
    expect(() => schemaOf(matrix, { profile, columns: ['age', 'rate'], margin: -1 })).toThrow(refused);
    expect(() => schemaOf(graphOf(inputOf('x', 'FLOAT', ['N', null])), { profile })).toThrow(refused);
    expect(schemaOf(matrix, { profile, leave: ['job', 'label'] }).left).toEqual([]);
    const open = schemaOf(graphOf(inputOf('x', 'FLOAT', ['N', 4])), { profile });
    expect(open.left).toEqual(['`job`: it is `text` in the training data and a number in requests']);
    const named = profileOf(texts('a', ['x', 'y'], { distinct: { count: 9, isExact: true, error: 0 } }));
    expect(schemaOf(graphOf(inputOf('a', 'STRING', ['N', 1])), { profile: named }).left).toHaveLength(1);
    const hidden = profileOf({ ...numbers('a', 0, 0), numbers: { mean: 0, zeros: 0, negatives: 0, infinite: 0 } });
    expect(schemaOf(graphOf(inputOf('a', 'FLOAT', ['N', 1])), { profile: hidden }).left).toHaveLength(1);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(separate))).toEqual(separate);
  });
});

describe('datatypes that are alike', () => {
  const whole = schemaOf(graphOf(inputOf('x', 'UINT8', ['N', 1])));
  const sent = (datatype: Datatype, data: Float64Array | readonly string[] | BigInt64Array) =>
    requestOf(tensorOf('x', datatype, [1, 1], data));

  it('lets a whole number stand for a whole one, within its range', () => {
    expect(judge(whole, sent('FP64', Float64Array.of(255)))).toBe('gateway.schema.datatype');
    expect(judge(whole, sent('FP64', Float64Array.of(255)), 'alike')).toBeUndefined();
    expect(judge(whole, sent('INT64', BigInt64Array.of(255n)), 'alike')).toBeUndefined();
    expect(judge(whole, sent('FP64', Float64Array.of(256)), 'alike')).toBe('gateway.schema.range');
    expect(judge(whole, sent('FP64', Float64Array.of(1.5)), 'alike')).toBe('gateway.schema.whole');
    expect(judge(whole, sent('BYTES', ['1']), 'alike')).toBe('gateway.schema.datatype');
  });
});

it('agrees with a plain reading of the bounds, for any rows', () => {
  const bounds = fc.record({
    least: fc.integer({ min: -50, max: 0 }),
    width: fc.integer({ min: 0, max: 50 }),
    isWhole: fc.boolean(),
    mayBeMissing: fc.boolean(),
  });
  const value = fc.oneof(
    fc.integer({ min: -60, max: 60 }),
    fc.double({ min: -60, max: 60 }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY),
  );
  const table = fc.array(bounds, { minLength: 1, maxLength: 4 }).chain((columns) =>
    fc.tuple(
      fc.constant(columns),
      fc.array(fc.array(value, { minLength: columns.length, maxLength: columns.length }), {
        minLength: 1,
        maxLength: 4,
      }),
    ),
  );
  fc.assert(
    fc.property(table, ([columns, rows]) => {
      const schema: InputSchema = {
        inputs: [{ name: 'x', datatype: 'FP64', shape: ['N', columns.length] }],
        features: columns.map(({ least, width, ...more }, at) => ({
          ...{ feature: `f${at}`, input: 0, at, least, greatest: least + width },
          ...more,
        })),
        left: [],
      };
      const isGood = rows.every((row) =>
        row.every((each, at) => {
          const { least, width, isWhole, mayBeMissing } = columns[at]!;
          if (Number.isNaN(each)) return mayBeMissing;
          return each >= least && each <= least + width && (!isWhole || Number.isInteger(each));
        }),
      );
      const request = requestOf(tensorOf('x', 'FP64', [rows.length, columns.length], Float64Array.from(rows.flat())));
      expect(judge(schema, request) === undefined).toBe(isGood);
    }),
  );
});

it('never fails in another way than by a judgement', () => {
  const schema = schemaOf(graphOf(inputOf('x', 'FLOAT', ['N', 'M']), inputOf('y', 'STRING', ['N'])));
  const tensor = fc.record({
    name: fc.constantFrom('x', 'y', '', '__proto__'),
    datatype: fc.constantFrom<Datatype>('FP32', 'BYTES', 'INT64', 'BOOL'),
    shape: fc.array(fc.oneof(fc.nat(3), fc.constantFrom(-1, 0.5, Number.NaN)), { maxLength: 3 }),
    data: fc.constantFrom(new Float32Array(4), ['a', 'b'], new BigInt64Array(2), new Uint8Array(3)),
  });
  fc.assert(
    fc.property(fc.array(tensor, { maxLength: 3 }), fc.nat(3), (inputs, rows) => {
      const said = schemaProtection(schema).judge({ inputs, rows }, caller, 0);
      expect(said === undefined || said.rule.startsWith('gateway.schema.')).toBe(true);
    }),
  );
});

describe('a column of a table', () => {
  const schema = schemaOf(graphOf(inputOf('age', 'DOUBLE', ['N', 1]), inputOf('pair', 'DOUBLE', ['N', 2])));
  const sent = (age: readonly number[], pair: readonly number[]) =>
    requestOf(
      tensorOf('age', 'FP64', age, new Float64Array(age.reduce((a, b) => a * b, 1))),
      tensorOf('pair', 'FP64', pair, new Float64Array(pair.reduce((a, b) => a * b, 1))),
    );

  it('is one number a row where the protocol has rows and columns, and nowhere else', () => {
    expect(judge(schema, sent([3], [3, 2]), 'alike')).toBeUndefined();
    expect(judge(schema, sent([3, 1], [3, 2]), 'alike')).toBeUndefined();
    expect(judge(schema, sent([3], [3, 2]), 'exact')).toBe('gateway.schema.shape');
  });

  it('stands for no list of two, and has as many rows as the others', () => {
    expect(judge(schema, sent([3], [3]), 'alike')).toBe('gateway.schema.shape');
    expect(judge(schema, sent([2], [3, 2]), 'alike')).toBe('gateway.schema.shape');
    expect(judge(schema, sent([], [3, 2]), 'alike')).toBe('gateway.schema.shape');
  });
});
