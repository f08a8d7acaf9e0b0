import type { Caller } from '@holdfast/gateway';
import { type EvasionOptions, evasionProtection } from '@holdfast/gateway/protection/evasion/evasion-protection';
import { type EvasionState, fingerprinter } from '@holdfast/gateway/protection/evasion/fingerprint';
import { fitEvasion } from '@holdfast/gateway/protection/evasion/fit-evasion';
import type { FeatureSource } from '@holdfast/gateway/protection/features';
import { type Matrix, type Random, randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { caller, requestOf, tensorOf } from './requests.ts';

const refused = expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error;
const names = (width: number): string[] => Array.from({ length: width }, (_, at) => `f${at}`);
const sourcesOf = (width: number): FeatureSource[] => names(width).map((feature, at) => ({ feature, input: 'x', at }));

/** Columns of a table: one of five categories, whole numbers, others. */
const tableRow = (random: Random): number[] => [
  random.integer(5),
  random.integer(100),
  ...Array.from({ length: 8 }, () => random.normal()),
];

/** An image of 16 × 16 with a dark edge and three smooth spots. */
function imageRow(random: Random): number[] {
  const spots = Array.from(
    { length: 3 },
    () => [4 + 8 * random.uniform(), 4 + 8 * random.uniform(), 1 + 2 * random.uniform()] as const,
  );
  return Array.from({ length: 256 }, (_, at) => {
    const [x, y] = [at % 16, Math.floor(at / 16)];
    if (x < 2 || y < 2 || x > 13 || y > 13) return 0;
    return spots.reduce((sum, [cx, cy, r]) => sum + Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / r ** 2), 0);
  });
}

function matrixOf(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, values: Float64Array.from(rows.flat()) };
}

function fitted(rowOf: (random: Random) => number[]): EvasionState {
  const random = randomOf('fit');
  const rows = Array.from({ length: 400 }, () => rowOf(random));
  return fitEvasion(matrixOf(rows), { features: names(rows[0]?.length ?? 0) });
}

const states = new Map([tableRow, imageRow].map((rowOf) => [rowOf, fitted(rowOf)]));

function watch(rowOf: (random: Random) => number[], more: Partial<EvasionOptions> = {}) {
  const state = states.get(rowOf)!;
  const protection = evasionProtection(state, { sources: sourcesOf(state.features.length), ...more });
  return (row: readonly number[], who: Caller = caller, nowMs = 0) => {
    const tensor = tensorOf('x', 'FP64', [1, row.length], Float64Array.from(row));
    return protection.judge(requestOf(tensor), who, nowMs)?.rule;
  };
}

const kinds = { table: tableRow, image: imageRow } as const;

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('searches by questions, %s', (kind) => {
  const rowOf = kinds[kind];

  it('are found: small random steps around a row, as estimates of a gradient take them', () => {
    const random = randomOf('steps');
    const observe = watch(rowOf);
    const row = rowOf(random);
    let asked = 0;
    for (; asked < 200; asked += 1) {
      const step = row.map((value, at) => (kind === 'table' && at < 2 ? value : value + 0.02 * random.normal()));
      if (observe(step) !== undefined) break;
    }
    expect(asked).toBeGreaterThanOrEqual(50);
    expect(asked).toBeLessThan(120);
  });

  it('are found although they move: a walk along a boundary', () => {
    const random = randomOf('walk');
    const observe = watch(rowOf);
    let row = rowOf(random);
    let asked = 0;
    for (; asked < 400; asked += 1) {
      row = row.map((value, at) => (kind === 'table' && at < 2 ? value : value + 0.01 * random.normal()));
      if (observe(row) !== undefined) break;
    }
    expect(asked).toBeLessThan(400);
  });

  it('are not what ordinary callers do: 20 sessions of 300 rows, asked up to ten times each', () => {
    for (let session = 0; session < 20; session += 1) {
      const random = randomOf(`session ${session}`);
      const observe = watch(rowOf);
      let row = rowOf(random);
      for (let asked = 0; asked < 300; asked += 1) {
        if (random.uniform() < 0.1) row = rowOf(random);
        const again = random.uniform() < 0.7 ? row : row.with(random.integer(row.length), rowOf(random)[3] ?? 0);
        expect(observe(again), `session ${session}`).toBeUndefined();
      }
    }
  });

  it('nor is asking the same a thousand times', () => {
    const observe = watch(rowOf);
    const row = rowOf(randomOf('same'));
    for (let asked = 0; asked < 1000; asked += 1) expect(observe(row)).toBeUndefined();
  });
});

describe('cohorts', () => {
  const step = (random: Random, row: readonly number[]): number[] =>
    row.map((value, at) => (at < 2 ? value : value + 0.02 * random.normal()));
  const several = (observe: ReturnType<typeof watch>, tenantOf: (at: number) => string): boolean => {
    const random = randomOf('several');
    const row = tableRow(random);
    return Array.from({ length: 300 }, (_, at) =>
      observe(step(random, row), { ...caller, id: `key:${at % 20}`, tenant: tenantOf(at % 20) }),
    ).some((rule) => rule !== undefined);
  };

  it('keys of one tenant are looked at together, and all callers where that is asked for', () => {
    expect(several(watch(tableRow), () => 'one')).toBe(true);
    expect(several(watch(tableRow), (at) => `tenant ${at}`)).toBe(false);
    expect(several(watch(tableRow, { cohort: () => 'all' }), (at) => `tenant ${at}`)).toBe(true);
  });

  it('are forgotten when they are idle, or too many', () => {
    const asked = (
      options: Partial<EvasionOptions>,
      between: (observe: ReturnType<typeof watch>) => void,
      nowMs = 0,
    ) => {
      const random = randomOf('idle');
      const row = tableRow(random);
      const observe = watch(tableRow, options);
      for (let at = 0; at < 50; at += 1) observe(step(random, row));
      between(observe);
      return Array.from({ length: 30 }, () => observe(step(random, row), caller, nowMs)).some(
        (rule) => rule !== undefined,
      );
    };
    expect(asked({}, () => undefined)).toBe(true);
    expect(asked({ idleMs: 10 }, () => undefined, 11)).toBe(false);
    expect(
      asked({ mostCohorts: 1 }, (observe) => observe(tableRow(randomOf('other')), { ...caller, tenant: 'other' })),
    ).toBe(false);
  });
});

describe('fingerprints', () => {
  it('of a table are equal in as many places as features that lie in the same step', () => {
    const { parts, units, write, difference } = fingerprinter({ steps: [0, 0.5, 2, 1], centres: [0, 0, 0, 0] });
    const [one, two] = [new Uint32Array(parts), new Uint32Array(parts)];
    write(Float64Array.of(3, 1.1, 7.9, 0), one);
    write(Float64Array.of(3, 0.9, 7.1, 0.6), two);
    expect(difference(one, two, 0, units)).toBe(1);
    expect(difference(one, two, 0, 0)).toBe(1);
    write(Float64Array.of(3.0001, 1.3, 9.1, Number.NaN), two);
    expect(difference(one, two, 0, units)).toBe(4);
    expect(difference(one, two, 0, 1)).toBe(2);
  });

  it('of many features differ as the angle between rows does', () => {
    const width = 4000;
    const plain = { steps: new Array<number>(width).fill(1), centres: new Array<number>(width).fill(0) };
    const { parts, units, write, difference } = fingerprinter(plain);
    const random = randomOf('angle');
    const [one, two] = [new Uint32Array(parts), new Uint32Array(parts)];
    for (const angle of [0.1, 0.5, 1, Math.PI / 2]) {
      let sum = 0;
      for (let trial = 0; trial < 30; trial += 1) {
        const row = Float64Array.from({ length: width }, () => random.normal());
        write(row, one);
        write(
          row.map((value) => Math.cos(angle) * value + Math.sin(angle) * random.normal()),
          two,
        );
        sum += 1 - difference(one, two, 0, units) / units;
      }
      // Of a random plane: 1 − θ/π (Goemans and Williamson, 1995). 128 bits, 30 times: a deviation of 0.008.
      expect(Math.abs(sum / 30 - (1 - angle / Math.PI))).toBeLessThan(0.03);
    }
    expect(difference(one, one, 0, units)).toBe(0);
  });
});

describe('what cannot be fitted is refused', () => {
  it('too few rows, other features, rows that are all alike', () => {
    const random = randomOf('refused');
    const rows = matrixOf(Array.from({ length: 100 }, () => tableRow(random)));
    expect(() => fitEvasion(matrixOf([[1]]), { features: ['a'] })).toThrow(refused);
    expect(() => fitEvasion(rows, { features: ['a'] })).toThrow(refused);
    expect(() => fitEvasion(rows, { features: names(10), step: 0 })).toThrow(refused);
    expect(() => fitEvasion({ ...rows, values: new Float64Array(1000) }, { features: names(10) })).toThrow(refused);
    const state = fitEvasion(rows, { features: names(10) });
    expect(state.steps[0]).toBe(0);
    expect(() => evasionProtection(state, { sources: sourcesOf(9) })).toThrow(refused);
    const protection = evasionProtection(state, { sources: sourcesOf(10) });
    expect(protection.judge(requestOf(), caller, 0)?.rule).toBe('gateway.evasion.unreadable');
  });
});
