import type { InferenceResponse } from '@holdfast/gateway';
import { type HardeningOptions, hardening } from '@holdfast/gateway/protection/hardening/hardening';
import { precisionOf } from '@holdfast/gateway/protection/hardening/precision';
import type { Datatype } from '@holdfast/gateway/protocols/inference';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tensorOf } from './requests.ts';

type Choice = Omit<HardeningOptions, 'output' | 'holds'>;

function scoresOf(datatype: Datatype, rows: readonly (readonly number[])[]): InferenceResponse {
  const data = datatype === 'FP64' ? Float64Array.from(rows.flat()) : Float32Array.from(rows.flat());
  return { outputs: [tensorOf('p', datatype, [rows.length, rows[0]?.length ?? 0], data)] };
}

function hardened(holds: 'probabilities' | 'logits', row: readonly number[], options: Choice): number[] {
  const answer = hardening({ output: 'p', holds, ...options })(scoresOf('FP64', [row]));
  return [...(answer.outputs[0]?.data as Float64Array)];
}

/** By NumPy's rule but for NaN, which are no number. */
function argmax(row: readonly number[]): number {
  const greatest = Math.max(...row.filter((each) => !Number.isNaN(each)));
  return row.indexOf(greatest);
}

const close = (found: readonly number[], expected: readonly number[]): void => {
  for (const [at, each] of expected.entries()) expect(found[at], `score ${at}`).toBeCloseTo(each, 12);
};

describe('what is shown of probabilities', () => {
  it('is rounded', () => {
    expect(hardened('probabilities', [0.12345, 0.87655], { decimals: 2 })).toEqual([0.12, 0.88]);
    expect(hardened('probabilities', [0.12345, 0.87655], {})).toEqual([0.12345, 0.87655]);
  });

  it('is the greatest k, and the others evenly', () => {
    close(hardened('probabilities', [0.1, 0.5, 0.06, 0.3, 0.04], { topK: 2 }), [0.2 / 3, 0.5, 0.2 / 3, 0.3, 0.2 / 3]);
  });

  it('is no more than the greatest confidence, with the odds of the others', () => {
    close(hardened('probabilities', [0.02, 0.97, 0.01], { mostConfidence: 0.85 }), [0.1, 0.85, 0.05]);
    close(hardened('probabilities', [0, 1, 0], { mostConfidence: 0.9 }), [0.05, 0.9, 0.05]);
  });

  it('is the label', () => {
    expect(hardened('probabilities', [0.4, 0.4, 0.2], { labelOnly: true })).toEqual([1, 0, 0]);
  });

  it('is the label where they are none', () => {
    expect(hardened('probabilities', [2, -7, 3], { decimals: 1 })).toEqual([0, 0, 1]);
    expect(hardened('probabilities', [Number.POSITIVE_INFINITY, 0.5], {})).toEqual([1, 0]);
  });

  it('keeps the class that rounding would lose, unless that is asked for', () => {
    const row = [0.3333, 0.3334, 0.3333];
    expect(hardened('probabilities', row, { decimals: 2 })).toEqual([0.33, 0.34, 0.33]);
    expect(hardened('probabilities', row, { decimals: 2, mayChangeTop: true })).toEqual([0.33, 0.33, 0.33]);
  });
});

describe('what is shown of logits', () => {
  const softmax = (row: readonly number[]): number[] => {
    const sum = row.reduce((total, each) => total + Math.exp(each), 0);
    return row.map((each) => Math.exp(each) / sum);
  };

  it('stands for the same probabilities of the greatest k', () => {
    const row = [1, 3, 0.5, 2, -1];
    const [before, after] = [softmax(row), softmax(hardened('logits', row, { topK: 2 }))];
    close([after[1] ?? 0, after[3] ?? 0], [before[1] ?? 0, before[3] ?? 0]);
    expect(new Set([after[0], after[2], after[4]]).size).toBe(1);
  });

  it('stands for no more than the greatest confidence', () => {
    const after = softmax(hardened('logits', [9, 1, 0], { mostConfidence: 0.8 }));
    expect(after[0]).toBeCloseTo(0.8, 12);
    expect((after[1] ?? 0) / (after[2] ?? 0)).toBeCloseTo(Math.E, 12);
  });

  it('stays infinite where it is', () => {
    expect(hardened('logits', [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], { decimals: 1 })).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

describe('one score of two classes', () => {
  const single = (holds: 'probabilities' | 'logits', value: number, options: Choice): number => {
    const answer = hardening({ output: 'p', holds, ...options })({
      outputs: [tensorOf('p', 'FP64', [1], Float64Array.of(value))],
    });
    return (answer.outputs[0]?.data as Float64Array)[0] ?? 0;
  };

  it.each([
    ['probabilities', 0.501, { decimals: 2 }, 0.51],
    ['probabilities', 0.499, { decimals: 2 }, 0.49],
    ['probabilities', 0.5, { decimals: 2 }, 0.5],
    ['probabilities', 0.4, { decimals: 0 }, 0],
    ['probabilities', 0.51, { decimals: 0 }, 1],
    ['probabilities', 0.999, { mostConfidence: 0.75 }, 0.75],
    ['probabilities', 0.001, { mostConfidence: 0.75 }, 0.25],
    ['probabilities', 0.7, { labelOnly: true }, 1],
    ['logits', -0.001, { decimals: 1 }, -0.1],
    ['logits', 0.04, { decimals: 1, mayChangeTop: true }, 0],
    ['logits', -8, { labelOnly: true }, -1],
    ['probabilities', -3, { decimals: 1 }, 0],
  ] as const)('%s %d with %j is %d', (holds, value, options, expected) => {
    expect(single(holds, value, options)).toBeCloseTo(expected, 12);
  });

  it('stays on its side of the middle, and NaN', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        fc.double({ min: 0.51, max: 0.99, noNaN: true }),
        (value, decimals, mostConfidence) => {
          expect(Math.sign(single('probabilities', value, { decimals, mostConfidence }) - 0.5)).toBe(
            Math.sign(value - 0.5),
          );
          expect(Math.sign(single('logits', value - 0.5, { decimals, mostConfidence }))).toBe(Math.sign(value - 0.5));
        },
      ),
    );
    expect(single('probabilities', Number.NaN, { decimals: 2, labelOnly: true })).toBeNaN();
  });
});

const score = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 0.5, 1, 0.25, 0.3333, 0.3334, 1e-9, Number.NaN),
);
const wild = fc.oneof(
  score,
  fc.double(),
  fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 88.7, -0),
);
const choice = fc.record(
  {
    topK: fc.integer({ min: 1, max: 6 }),
    decimals: fc.integer({ min: 0, max: 6 }),
    mostConfidence: fc.double({ min: 0.501, max: 0.999, noNaN: true }),
    labelOnly: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('whatever the scores and the options', () => {
  it.each([
    ['probabilities', score, 'FP64'],
    ['probabilities', score, 'FP32'],
    ['probabilities', score, 'FP16'],
    ['logits', wild, 'FP64'],
    ['logits', wild, 'FP32'],
    ['logits', wild, 'FP16'],
    ['probabilities', wild, 'FP64'],
  ] as const)('of %s the first of the greatest stays it, and NaN stay (%#)', (holds, element, datatype) => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 2, maxLength: 6 }), choice, (row, options) => {
        const before = scoresOf(datatype, [row.map(precisionOf(datatype))]);
        const values = [...(before.outputs[0]?.data as Float64Array)];
        const answer = hardening({ output: 'p', holds, ...options })(before);
        const narrowed = [...(answer.outputs[0]?.data as Float64Array)].map(precisionOf(datatype));
        expect(argmax(narrowed)).toBe(argmax(values));
        expect(narrowed.map(Number.isNaN)).toEqual(values.map(Number.isNaN));
        expect([...(before.outputs[0]?.data as Float64Array)]).toEqual(values);
        const greatest = values[argmax(values)];
        const isAlone = values.filter((each) => each === greatest).length === 1;
        if (isAlone) expect(narrowed.filter((each) => each === narrowed[argmax(narrowed)])).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it('probabilities stay probabilities', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 8 }),
        choice,
        (row, options) => {
          for (const each of hardened('probabilities', row, options)) {
            expect(each).toBeGreaterThanOrEqual(0);
            expect(each).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});

describe('half precision', () => {
  // Table of IEEE 754-2019 binary16: largest, smallest normal and subnormal; 1/3; 2^11 + 1 lies between two and goes to even.
  it.each([
    [65504, 65504],
    [65520, Number.POSITIVE_INFINITY],
    [2 ** -14, 2 ** -14],
    [2 ** -24, 2 ** -24],
    [2 ** -26, 0],
    [1 / 3, 0.333251953125],
    [2049, 2048],
    [2051, 2052],
    [-1 / 3, -0.333251953125],
    [0.1, 0.0999755859375],
  ])('of %d is %d', (value, expected) => {
    expect(precisionOf('FP16')(value)).toBeCloseTo(expected, 14);
  });
});

describe('what is refused, and what is left out', () => {
  const refused = (code: string) => expect.objectContaining({ code }) as Error;
  const more = (name: string, datatype: Datatype, data: Float32Array | BigInt64Array | readonly string[]) =>
    tensorOf(name, datatype, [1, data.length], data);
  const p = more('p', 'FP32', Float32Array.of(0.25, 0.75));

  it.each([
    { topK: 0 },
    { topK: 1.5 },
    { decimals: -1 },
    { decimals: 16 },
    { mostConfidence: 0.5 },
    { mostConfidence: 1 },
    { mostConfidence: Number.NaN },
  ])('options %j', (options) => {
    expect(() => hardening({ output: 'p', holds: 'logits', ...options })).toThrow(refused('HF_GATEWAY_CONFIGURATION'));
  });

  it('answers that have no such output, or something else in it', () => {
    const harden = hardening({ output: 'p', holds: 'probabilities' });
    for (const outputs of [
      [],
      [p, p],
      [more('p', 'INT64', BigInt64Array.of(1n, 2n))],
      [{ ...p, shape: [1, 3] }],
      [{ ...p, shape: [1, 1, 2] }],
    ]) {
      expect(() => harden({ outputs })).toThrow(refused('HF_GATEWAY_UPSTREAM'));
    }
  });

  it('other outputs but labels, unless they are named', () => {
    const outputs = [
      more('label', 'INT64', BigInt64Array.of(1n)),
      p,
      more('embedding', 'FP32', Float32Array.of(3)),
      more('ids', 'INT64', BigInt64Array.of(1n, 2n)),
    ];
    const names = (keep?: readonly string[]) =>
      hardening({ output: 'p', holds: 'probabilities', ...(keep && { keep }) })({ outputs }).outputs.map(
        ({ name }) => name,
      );
    expect(names()).toEqual(['label', 'p']);
    expect(names(['embedding'])).toEqual(['p', 'embedding']);
  });
});
