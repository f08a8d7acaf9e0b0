import { describe, expect, test } from 'vitest';
import { challengeRequest } from '../../src/binding/challenge-request.ts';
import { agrees } from '../../src/binding/compare-answers.ts';
import { readyPath } from '../../src/binding/ready-path.ts';
import type { NamedTensor } from '../../src/protocols/inference.ts';
import { type ProtocolName, protocolOf } from '../../src/protocols/protocols.ts';

const limits = { elements: 100, depth: 8, count: 10 };
const one: NamedTensor = { name: 'x', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(0.1, -2) };
const two: NamedTensor = { name: 'y', datatype: 'INT64', shape: [1, 1], data: BigInt64Array.of(7n) };
const names = ['open-inference', 'tensorflow-serving', 'mlflow', 'sagemaker', 'torchserve'] as const;

describe('what a challenge asks', () => {
  test.each(names)('is a prediction of %s, and what was meant', (name) => {
    const protocol = protocolOf(name, { served: 'm', input: 'x' });
    const request = challengeRequest(name, 'm', [one]);
    expect(protocol.operation(request.method, request.path)).toBe('infer');
    const { inputs, rows } = protocol.readRequest(request, limits);
    expect([rows, inputs.length, inputs[0]?.name]).toEqual([1, 1, 'x']);
    expect(Array.from(inputs[0]!.data as Float64Array, Math.fround)).toEqual([...(one.data as Float32Array)]);
    const ready = readyPath(name, 'm');
    expect(['ready', 'live']).toContain(protocol.operation('GET', ready));
  });

  test.each(['open-inference', 'tensorflow-serving', 'mlflow'] as const)('has several inputs in %s', (name) => {
    const protocol = protocolOf(name, { served: 'm' });
    const { inputs } = protocol.readRequest(challengeRequest(name, 'm', [one, two]), limits);
    expect(inputs.map((input) => input.name)).toEqual(['x', 'y']);
    expect(Number(inputs[1]?.data[0])).toBe(7);
  });

  test('says truth values as such', () => {
    const isTrue: NamedTensor = { name: 'x', datatype: 'BOOL', shape: [1, 2], data: Uint8Array.of(1, 0) };
    const { inputs } = protocolOf('open-inference', { served: 'm' }).readRequest(
      challengeRequest('open-inference', 'm', [isTrue]),
      limits,
    );
    expect(inputs[0]).toMatchObject({ datatype: 'BOOL', data: Uint8Array.of(1, 0) });
  });

  test.each<[ProtocolName, NamedTensor[]]>([
    ['openai-chat', [one]],
    ['json', [one]],
    ['torchserve', [one, two]],
    ['sagemaker', [one, two]],
  ])('cannot be said in %s of %#', (name, inputs) => {
    expect(() => challengeRequest(name, 'm', inputs)).toThrow(
      expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }),
    );
    expect(readyPath(name, 'm')).toMatch(/^\//);
  });
});

describe('an answer', () => {
  const expected = {
    p: { type: 'FLOAT', dims: [1, 2], data: Float32Array.of(0.25, 200) },
    label: { type: 'INT64', dims: [1], data: BigInt64Array.of(3n) },
    word: { type: 'STRING', dims: [1], data: ['yes'] },
    odd: { type: 'DOUBLE', dims: [2], data: Float64Array.of(Number.NaN, Infinity) },
  } as const;
  const output = (
    name: string,
    data: NamedTensor['data'],
    datatype: NamedTensor['datatype'] = 'FP32',
  ): NamedTensor => ({
    ...{ name, datatype, shape: [1, data.length], data },
  });
  const says = (outputs: NamedTensor[], isNamed = true): boolean =>
    agrees({ outputs }, expected, { tolerance: 1e-4, isNamed });

  test.each<[string, NamedTensor[], boolean]>([
    ['what our run said', [output('p', Float32Array.of(0.25, 200))], true],
    ['little else: as a part of it', [output('p', Float32Array.of(0.25, 200.019))], true],
    ['little else: of less than 1 as a part of 1', [output('p', Float32Array.of(0.25009, 200))], true],
    ['more than the tolerance', [output('p', Float32Array.of(0.2502, 200))], false],
    ['more than the tolerance of a large number', [output('p', Float32Array.of(0.25, 200.03))], false],
    ['fewer numbers', [output('p', Float32Array.of(0.25))], false],
    ['nothing', [], false],
    ['an output that there is not', [output('q', Float32Array.of(0.25, 200))], false],
    [
      'one output rightly and one not',
      [output('p', Float32Array.of(0.25, 200)), output('label', BigInt64Array.of(4n))],
      false,
    ],
    ['another class by one', [output('label', BigInt64Array.of(3n))], true],
    ['the class', [output('label', Float64Array.of(3.00001))], false],
    ['a text', [output('word', ['yes'], 'BYTES')], true],
    ['another text', [output('word', ['no'], 'BYTES')], false],
    ['a number for a text', [output('word', Float32Array.of(1))], false],
    ['NaN and infinity', [output('odd', Float64Array.of(Number.NaN, Infinity))], true],
    ['a number for NaN', [output('odd', Float64Array.of(0, Infinity))], false],
    ['NaN for a number', [output('p', Float32Array.of(Number.NaN, 200))], false],
  ])('that says %s is taken or not', (_, outputs, isRight) => {
    expect(says(outputs)).toBe(isRight);
  });

  test('whose outputs have no names is one of ours', () => {
    expect(says([output('output', Float64Array.of(0.25, 200))], false)).toBe(true);
    expect(says([output('output', Float64Array.of(0.25, 100))], false)).toBe(false);
    expect(says([output('toString', Float64Array.of(1))], true)).toBe(false);
  });
});
