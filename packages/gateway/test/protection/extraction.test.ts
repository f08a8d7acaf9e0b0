import type { Caller } from '@holdfast/gateway';
import { answerReader } from '@holdfast/gateway/protection/extraction/answers';
import { extractionDetector } from '@holdfast/gateway/protection/extraction/extraction-detector';
import {
  type ExtractionProtectionOptions,
  extractionProtection,
} from '@holdfast/gateway/protection/extraction/extraction-protection';
import type { ExtractionState } from '@holdfast/gateway/protection/extraction/extraction-state';
import { type AnsweredRows, fitExtraction } from '@holdfast/gateway/protection/extraction/fit-extraction';
import { knownCallers } from '@holdfast/gateway/protection/extraction/known-callers';
import { fullBudget, takeNovel } from '@holdfast/gateway/protection/extraction/novelty-budget';
import { enterCell } from '@holdfast/gateway/protection/extraction/novelty-cells';
import { rowEncoder, rowEncoding } from '@holdfast/gateway/protection/extraction/row-encoding';
import { variations } from '@holdfast/gateway/protection/extraction/variations';
import type { FeatureSource } from '@holdfast/gateway/protection/features';
import { type Matrix, type Random, randomOf } from '@holdfast/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caller, matrixOf, tensorOf } from './requests.ts';

const width = 6;
const features = Array.from({ length: width }, (_, at) => `f${at}`);
const sources: FeatureSource[] = features.map((feature, at) => ({ feature, input: 'x', at }));
const refused = expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error;

/** Features that hang together: a made-up row has each of them for itself. */
function realRow(random: Random): number[] {
  const [one, two] = [random.normal(), random.normal()];
  const noise = (): number => 0.25 * random.normal();
  return [one + noise(), one + noise(), two + noise(), two - one + noise(), Math.round(2 * one), one * two + noise()];
}

const madeRow = (random: Random): number[] => Array.from({ length: width }, (_, at) => realRow(random)[at] ?? 0);

/** A model: one logit of two classes. */
const logitOf = (row: readonly number[]): number => 2 * (row[0] ?? 0) - (row[2] ?? 0);

function rowsOf(seed: string, count: number): Matrix {
  const random = randomOf(seed);
  return {
    rows: count,
    columns: width,
    values: Float64Array.from(Array.from({ length: count }, () => realRow(random)).flat()),
  };
}

function answered(matrix: Matrix): AnsweredRows {
  const logits = Array.from({ length: matrix.rows }, (_, row) =>
    logitOf([...matrix.values.subarray(row * width, (row + 1) * width)]),
  );
  const probabilities = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  return {
    ...matrix,
    classes: probabilities.map((p) => Number(p > 0.5)),
    margins: probabilities.map((p) => Math.abs(2 * p - 1)),
  };
}

const state = fitExtraction(rowsOf('train', 1500), {
  features,
  heldOut: answered(rowsOf('held', 1000)),
  steps: 400,
  networks: 1,
});

const answerOf = (rows: readonly (readonly number[])[]) => ({
  outputs: [tensorOf('logit', 'FP32', [rows.length, 1], Float32Array.from(rows, logitOf))],
});

function watch(more: Partial<ExtractionProtectionOptions> = {}) {
  const protection = extractionProtection(state, {
    sources,
    output: 'logit',
    holds: 'logits',
    random: randomOf('ties'),
    ...more,
  });
  return (rows: readonly (readonly number[])[], who: Caller = caller, nowMs = 0) =>
    protection.observe(matrixOf('x', rows), answerOf(rows), who, nowMs);
}

/** After how many rows there is an alarm; undefined for none. */
function alarmAfter(
  observe: ReturnType<typeof watch>,
  next: () => number[],
  most: number,
  who: Caller = caller,
): number | undefined {
  for (let count = 1; count <= most; count += 1) if (observe([next()], who) !== undefined) return count;
  return undefined;
}

describe('callers who make rows up', () => {
  it('are found within a few dozen rows', () => {
    const random = randomOf('made');
    expect(alarmAfter(watch(), () => madeRow(random), 60)).toBeGreaterThan(3);
    const uniform = () => Array.from({ length: width }, () => 8 * random.uniform() - 4);
    expect(alarmAfter(watch(), uniform, 40)).toBeLessThan(40);
  });

  it('are found after any number of real rows', () => {
    const random = randomOf('late');
    const observe = watch();
    expect(alarmAfter(observe, () => realRow(random), 300)).toBeUndefined();
    expect(alarmAfter(observe, () => madeRow(random), 100)).toBeLessThan(100);
  });

  it('are found in one batch', () => {
    const random = randomOf('batch');
    expect(watch()(Array.from({ length: 60 }, () => madeRow(random)))?.rule).toBe('gateway.extraction.martingale');
  });

  it('are found together, where one tenant divides the rows between its keys', () => {
    const random = randomOf('linked');
    const observe = watch();
    const keys = Array.from({ length: 20 }, (_, at): Caller => ({ ...caller, id: `key:${at}`, tenant: 'one' }));
    let found: number | undefined;
    for (let count = 0; count < 100 && found === undefined; count += 1) {
      if (observe([madeRow(random)], keys[count % keys.length]) !== undefined) found = count;
    }
    expect(found).toBeLessThan(100);
    // Nobody else is meant.
    expect(observe([realRow(random)], { ...caller, id: 'key:other', tenant: 'other' })).toBeUndefined();
  });
});

describe('callers with real rows are not accused', () => {
  const kinds: Readonly<Record<string, (random: Random) => () => number[]>> = {
    independent: (random) => () => realRow(random),
    'one class': (random) => () => {
      for (;;) {
        const row = realRow(random);
        if (logitOf(row) > 0) return row;
      }
    },
    retries: (random) => {
      let row = realRow(random);
      return () => {
        if (random.uniform() < 0.2) row = realRow(random);
        return random.uniform() < 0.7 ? row : row.with(random.integer(width), realRow(random)[0] ?? 0);
      };
    },
    clustered: (random) => {
      const centre = realRow(random);
      return () => centre.map((value) => value + 0.05 * random.normal());
    },
    'near the boundary': (random) => () => {
      for (;;) {
        const row = realRow(random);
        if (Math.abs(logitOf(row)) < 1) return row;
      }
    },
  };

  it.each(Object.keys(kinds))('%s: 40 sessions of 150 rows', (kind) => {
    for (let session = 0; session < 40; session += 1) {
      const random = randomOf(`${kind} ${session}`);
      expect(alarmAfter(watch(), kinds[kind]!(random), 150), `session ${session}`).toBeUndefined();
    }
  });

  it('not even for the same row over and over, however strange', () => {
    const observe = watch();
    expect(alarmAfter(observe, () => [4, -4, 4, 4, 9, -9], 500)).toBeUndefined();
  });
});

describe('an alarm', () => {
  it('holds for as long as declared, and then the caller begins anew', () => {
    const random = randomOf('holds');
    const observe = watch({ alarmMs: 1000 });
    expect(alarmAfter(observe, () => madeRow(random), 60)).toBeDefined();
    expect(observe([realRow(random)], caller, 999)?.rule).toBe('gateway.extraction.martingale');
    expect(observe([realRow(random)], caller, 1000)).toBeUndefined();
  });

  it('is told without what was asked', () => {
    const random = randomOf('told');
    const said = watch()(Array.from({ length: 60 }, () => madeRow(random)));
    expect(said?.message).toBe('what this caller asks is not what callers with real data ask');
    expect(said?.score).toBeGreaterThan(said?.threshold ?? Number.POSITIVE_INFINITY);
  });

  it('is raised, too, where answers or features cannot be read', () => {
    const protection = extractionProtection(state, { sources, output: 'p', holds: 'probabilities' });
    const rows = [[0, 0, 0, 0, 0, 0]];
    expect(protection.observe(matrixOf('x', rows), answerOf(rows), caller, 0)?.rule).toBe(
      'gateway.extraction.unreadable',
    );
    expect(watch()([[1, 2]])?.rule).toBe('gateway.extraction.unreadable');
  });
});

describe('what is fitted', () => {
  it('is plain JSON that weighs the same', () => {
    const again = JSON.parse(JSON.stringify(state)) as ExtractionState;
    const [one, two] = [state, again].map((each) => extractionDetector(each, { random: randomOf('same') }));
    const [a, b] = [one!.fresh(), two!.fresh()];
    const random = randomOf('rows');
    for (let count = 0; count < 30; count += 1) {
      const row = Float64Array.from(madeRow(random));
      one!.look(row);
      two!.look(row);
      const answer = { class: count % 2, margin: 0.3 };
      expect(one!.add(a, answer)).toBe(two!.add(b, answer));
    }
    expect(one!.evidenceOf(a)).toBe(two!.evidenceOf(b));
    expect(one!.evidenceOf(a)).toBeGreaterThan(1);
  });

  it('is refused for too few rows, other columns or answers', () => {
    const held = answered(rowsOf('held', 100));
    expect(() => fitExtraction(rowsOf('few', 20), { features, heldOut: held })).toThrow(refused);
    expect(() => fitExtraction(rowsOf('train', 100), { features: ['a'], heldOut: held })).toThrow(refused);
    expect(() => fitExtraction(rowsOf('train', 100), { features, heldOut: { ...held, classes: [] } })).toThrow(refused);
    expect(() =>
      fitExtraction(rowsOf('train', 100), {
        features,
        heldOut: {
          ...held,
          margins: held.classes.length ? Array.from(held.classes as number[], () => Number.NaN) : [],
        },
      }),
    ).toThrow(refused);
    expect(() => extractionProtection(state, { sources: sources.slice(1), output: 'p', holds: 'logits' })).toThrow(
      refused,
    );
    expect(() => extractionProtection(state, { sources, output: 'p', holds: 'logits', alpha: 0 })).toThrow(refused);
  });

  it('says nothing about classes that held-out rows never had', () => {
    const detector = extractionDetector(state, { random: randomOf('class') });
    const evidence = detector.fresh();
    const random = randomOf('unknown');
    for (let count = 0; count < 100; count += 1) {
      detector.look(Float64Array.from(madeRow(random)));
      detector.add(evidence, { class: count % 2 === 0 ? 7 : Number.NaN, margin: 0.01 });
    }
    expect(detector.evidenceOf(evidence)).toBe(0);
  });
});

describe('a budget for new rows', () => {
  it('fills as the square root of the time, whatever the hours', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 4 * 3_600_000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(
        waits,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 100 }),
        (all, burst, perDay, halfAt) => {
          const state = fullBudget({ burst, perDay, halfAt }, 0);
          let [now, novel] = [0, 0];
          for (const wait of all) {
            now += wait;
            while (takeNovel({ burst, perDay, halfAt }, state, novel, now)) novel += 1;
            const spent = novel + (novel * (novel - 1)) / (2 * halfAt);
            expect(spent).toBeLessThanOrEqual(burst + (perDay * now) / 86_400_000 + 1e-6);
          }
        },
      ),
    );
  });

  it('is one of the tenant; asking again is free, but not for what was refused', () => {
    const random = randomOf('budget');
    const observe = watch({ budget: { burst: 11, perDay: 24, halfAt: 1000 } });
    const who = (at: number): Caller => ({ ...caller, id: `key:${at % 3}`, tenant: 't' });
    const rows = Array.from({ length: 40 }, () => realRow(random));
    const said = rows.map((row, at) => observe([row], who(at))?.rule);
    const first = said.indexOf('gateway.extraction.budget');
    expect(first).toBeGreaterThanOrEqual(10);
    for (const [at, row] of rows.entries()) expect(observe([row], who(at + 1))?.rule).toBe(said[at]);
    expect(observe([rows[first] ?? []], who(0), 86_400_000)).toBeUndefined();
  });
});

describe('what is remembered', () => {
  it('is of a bounded number of callers, those with an alarm last to go', () => {
    const detector = extractionDetector(state, { random: randomOf('many') });
    const known = knownCallers(3, () => detector.fresh());
    known.of('accused', 0).alarmMs = 0;
    for (let at = 1; at <= 10; at += 1) known.of(`caller ${at}`, at);
    expect(known.size).toBe(3);
    expect(known.of('accused', 20).alarmMs).toBe(0);
  });

  it('knows a cell again', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4095), { maxLength: 100 }), (cells) => {
        const [set, entered] = [new Uint32Array(128), new Set<number>()];
        for (const cell of cells) {
          expect(enterCell(set, cell)).toBe(!entered.has(cell));
          entered.add(cell);
        }
      }),
    );
  });

  it('knows variations of two features in seven, and is led away by none', () => {
    const { fresh, isVariation } = variations(14);
    const recent = fresh();
    const row = new Float64Array(14);
    expect(isVariation(recent, row)).toBe(false);
    expect(isVariation(recent, row)).toBe(true);
    expect(
      [1, 4, 5, 6].map((each) =>
        isVariation(
          recent,
          Float64Array.from(row, (_, at) => Number(at < each)),
        ),
      ),
    ).toEqual([true, true, false, true]);
    const walked = [...Array(14).keys()].filter(
      (each) =>
        !isVariation(
          recent,
          Float64Array.from(row, (_, at) => (at <= each ? 5 : 0)),
        ),
    );
    expect(walked.length).toBeGreaterThanOrEqual(2);
  });
});

describe('rows as the network sees them', () => {
  it('have a place for each level, and one for others', () => {
    const values = Float64Array.from(Array.from({ length: 40 }, (_, at) => [at % 2 === 0 ? 0.1 : 3, at]).flat());
    const { encode, width: inputs } = rowEncoder(rowEncoding({ rows: 40, columns: 2, values }));
    expect(inputs).toBe(2 + 3);
    expect([...encode(Float64Array.of(Math.fround(0.1), 1e9)).places]).toEqual([2]);
    expect([...encode(Float64Array.of(3, 19.5)).places]).toEqual([3]);
    const strange = encode(Float64Array.of(7, Number.NaN));
    expect([...strange.places]).toEqual([4]);
    expect(strange.scaled[1]).toBe(0);
    expect(encode(Float64Array.of(0, 1e9)).scaled[1]).toBe(6);
  });
});

describe('answers', () => {
  const read = (holds: 'probabilities' | 'logits', shape: readonly number[], data: readonly number[], row = 0) => {
    const reader = answerReader('p', holds);
    return reader.open({ outputs: [tensorOf('p', 'FP64', shape, Float64Array.from(data))] }, shape[0] ?? 1)
      ? { ...reader.read(row) }
      : undefined;
  };

  it.each([
    ['probabilities', [2, 3], [0.2, 0.5, 0.3, 0.7, 0.2, 0.1], 1, { class: 0, margin: 0.5 }],
    ['probabilities', [1, 2], [0.5, 0.5], 0, { class: 0, margin: 0 }],
    ['probabilities', [1], [0.9], 0, { class: 1, margin: 0.8 }],
    ['logits', [1, 2], [0, Math.log(3)], 0, { class: 1, margin: 0.5 }],
    ['logits', [1, 1], [-Math.log(3)], 0, { class: 0, margin: 0.5 }],
  ] as const)('%s %j: the class and its margin', (holds, shape, data, row, { class: top, margin }) => {
    const found = read(holds, shape, data, row);
    expect(found?.class).toBe(top);
    expect(found?.margin).toBeCloseTo(margin, 12);
  });

  it('that hold no scores of each row are not read', () => {
    expect(read('logits', [2, 2], [1, 2, 3])).toBeUndefined();
    expect(answerReader('q', 'logits').open({ outputs: [] }, 1)).toBe(false);
    expect(read('probabilities', [1, 2], [Number.NaN, Number.NaN])?.class).toBeNaN();
  });
});
