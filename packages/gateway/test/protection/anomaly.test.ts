import { anomalyProtection, thresholdAt } from '@holdfast/gateway/protection/anomaly/anomaly-protection';
import { anomalyScorer } from '@holdfast/gateway/protection/anomaly/anomaly-score';
import type { AnomalyState } from '@holdfast/gateway/protection/anomaly/anomaly-state';
import { fitAnomaly } from '@holdfast/gateway/protection/anomaly/fit-anomaly';
import { type FeatureSource, featureReader, featureSources, surprisals } from '@holdfast/gateway/protection/features';
import { binomialInterval, type Matrix, type Random, randomOf } from '@holdfast/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caller, matrixOf, requestOf, tensorOf } from './requests.ts';

const refused = (code: string) => expect.objectContaining({ code }) as Error;

const names = (width: number): string[] => Array.from({ length: width }, (_, at) => `f${at}`);
const sources = (width: number): FeatureSource[] => names(width).map((feature, at) => ({ feature, input: 'x', at }));

/** Features that depend on each other: one latent number in all of them. */
function latentRow(random: Random, width: number): number[] {
  const common = random.normal();
  return Array.from({ length: width }, (_, at) => common * (at % 2 === 0 ? 1 : -1) + 0.3 * random.normal());
}

function latent(seed: string, rows: number, width: number): Matrix {
  const random = randomOf(seed);
  return {
    rows,
    columns: width,
    values: Float64Array.from(Array.from({ length: rows }, () => latentRow(random, width)).flat()),
  };
}

describe('requests that are not like the training data', () => {
  const state = fitAnomaly(latent('rows', 4000, 6), { features: names(6), falseAlarms: 0.01 });
  const protection = anomalyProtection(state, sources(6));
  const judge = (...rows: readonly (readonly number[])[]) => protection.judge(matrixOf('x', rows), caller, 0)?.rule;

  it('ordinary ones are called so at most as often as stated', () => {
    const random = randomOf('fresh');
    let alarms = 0;
    for (let each = 0; each < 4000; each += 1) alarms += Number(judge(latentRow(random, 6)) !== undefined);
    // The chance is at most 0.01 over all calibrations; of this one it is a draw from a beta distribution of deviation 0.0022.
    expect(binomialInterval(alarms, 4000, 0.999).low).toBeLessThan(0.01 + 3 * 0.0022);
    expect(alarms).toBeGreaterThan(0);
  });

  it('and so are ordinary batches, of any size', () => {
    const random = randomOf('batches');
    for (const size of [2, 5, 20]) {
      let alarms = 0;
      for (let each = 0; each < 500; each += 1) {
        alarms += Number(judge(...Array.from({ length: size }, () => latentRow(random, 6))) !== undefined);
      }
      expect(alarms / 500).toBeLessThan(0.03);
    }
  });

  it('what no feature says alone, all say together', () => {
    expect(judge([1, -1, 1, -1, 1, -1])).toBeUndefined();
    expect(judge([1, 1, 1, 1, 1, 1])).toBe('gateway.anomaly.mahalanobis');
  });

  it('one feature far out is a matter of range', () => {
    expect(judge([40, 0, 0, 0, 0, 0])).toMatch(/^gateway\.anomaly\.(range|mahalanobis)$/);
  });

  it('infinite and missing values that never were', () => {
    expect(judge([Number.POSITIVE_INFINITY, 0, 0, 0, 0, 0])).toBe('gateway.anomaly.missing');
    expect(judge([Number.NaN, 0, 0, 0, 0, 0])).toBe('gateway.anomaly.missing');
  });

  it('half of a batch that is moderately odd', () => {
    const threshold = thresholdAt(state.calibration, 0.25);
    const scorer = anomalyScorer(state);
    const odd = Array.from({ length: 400 }, (_, at) => [0.01 * at, 0.01 * at, 0, 0, 0, 0]).find(
      (row) => scorer.score(Float64Array.from(row, Math.fround)) > threshold,
    );
    expect(thresholdAt(state.calibration, 0.5 / 200)).toBe(Number.POSITIVE_INFINITY);
    const plain = [0.1, -0.1, 0.1, -0.1, 0.1, -0.1];
    const batch = (count: number) => Array.from({ length: 200 }, (_, at) => (at < count ? (odd ?? []) : plain));
    expect(judge(...batch(99))).toBeUndefined();
    expect(judge(...batch(100))).toBe('gateway.anomaly.batch');
  });

  it('features that are elsewhere', () => {
    expect(protection.judge(matrixOf('y', [[0, 0, 0, 0, 0, 0]]), caller, 0)?.rule).toBe('gateway.anomaly.unreadable');
    expect(judge([0, 0, 0, 0, 0])).toBe('gateway.anomaly.unreadable');
  });

  it('come out the same after a journey as JSON', () => {
    const again = anomalyScorer(JSON.parse(JSON.stringify(state)) as AnomalyState);
    const here = anomalyScorer(state);
    const random = randomOf('journey');
    for (let each = 0; each < 50; each += 1) {
      const row = Float64Array.from(latentRow(random, 6), (value) => value * 2);
      expect(again.score(row)).toBe(here.score(row));
    }
  });

  it('never fail in another way than by a judgement', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double(), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 5 }),
        (rows) => {
          const said = judge(...rows);
          expect(said === undefined || said.startsWith('gateway.anomaly.')).toBe(true);
        },
      ),
    );
  });
});

describe('what is fitted', () => {
  it('takes components above 64 features, and sees what is off them', () => {
    const random = randomOf('directions');
    const directions = Array.from({ length: 5 }, () => Array.from({ length: 80 }, () => random.normal()));
    const row = (): number[] => {
      const weights = directions.map(() => random.normal());
      return Array.from({ length: 80 }, (_, at) =>
        directions.reduce(
          (sum, direction, each) => sum + (weights[each] ?? 0) * (direction[at] ?? 0),
          0.05 * random.normal(),
        ),
      );
    };
    const values = Float64Array.from(Array.from({ length: 1200 }, row).flat());
    const state = fitAnomaly({ rows: 1200, columns: 80, values }, { features: names(80), falseAlarms: 0.01 });
    expect(state.distance.projection?.directions).toHaveLength(32 * 80);
    const protection = anomalyProtection(state, sources(80));
    const judge = (each: readonly number[]) => protection.judge(matrixOf('x', [each]), caller, 0);
    const alarms = Array.from({ length: 200 }, row).filter((each) => judge(each) !== undefined).length;
    expect(alarms).toBeLessThan(10);
    // Less than a tenth of a feature's deviation, but in no direction that the data have.
    const off = Array.from({ length: 100 }, row).map((each) =>
      each.map((value) => value + 0.2 * Math.sign(random.normal())),
    );
    expect(off.filter((each) => judge(each) !== undefined).length).toBeGreaterThan(95);
  });

  it('lets values be missing where they were', () => {
    const rows = latent('missing', 400, 3);
    for (let at = 0; at < rows.values.length; at += 12) rows.values[at] = Number.NaN;
    const state = fitAnomaly(rows, { features: names(3), falseAlarms: 0.02 });
    expect(state.mayBeMissing).toEqual([1, 0, 0]);
    expect(anomalyProtection(state, sources(3)).judge(matrixOf('x', [[Number.NaN, 0, 0]]), caller, 0)).toBeUndefined();
  });

  it('is refused where it would promise too much', () => {
    const configuration = refused('HF_GATEWAY_CONFIGURATION');
    const rows = latent('few', 400, 3);
    const features = names(3);
    expect(() => fitAnomaly(rows, { features, falseAlarms: 0.001 })).toThrow(configuration);
    expect(() => fitAnomaly(rows, { features, falseAlarms: 0 })).toThrow(configuration);
    expect(() => fitAnomaly(rows, { features: names(4) })).toThrow(configuration);
    expect(() => fitAnomaly(rows, { features, falseAlarms: 0.1, heldOutShare: 1 })).toThrow(configuration);
    expect(() => fitAnomaly(latent('fewer', 40, 3), { features, falseAlarms: 0.1 })).toThrow(configuration);
    expect(() =>
      fitAnomaly({ ...rows, values: rows.values.map(() => Number.POSITIVE_INFINITY) }, { features }),
    ).toThrow(configuration);
    const empty = rows.values.map((value, at) => (at % 3 === 0 ? Number.NaN : value));
    expect(() => fitAnomaly({ ...rows, values: empty }, { features, falseAlarms: 0.1 })).toThrow(configuration);
    const state = fitAnomaly(rows, { features, falseAlarms: 0.1 });
    expect(() => anomalyProtection(state, sources(2))).toThrow(configuration);
  });

  it('copes with columns that do not vary', () => {
    const rows = latent('constant', 400, 3);
    for (let at = 1; at < rows.values.length; at += 3) rows.values[at] = 7;
    const protection = anomalyProtection(fitAnomaly(rows, { features: names(3), falseAlarms: 0.02 }), sources(3));
    expect(protection.judge(matrixOf('x', [[0, 7, 0]]), caller, 0)).toBeUndefined();
    expect(protection.judge(matrixOf('x', [[0, 8, 0]]), caller, 0)).toBeDefined();
  });
});

describe('features of a request', () => {
  it('are read where the schema says, texts by their codes', () => {
    const schema = {
      inputs: [
        { name: 'n', datatype: 'INT64', shape: ['N', 2] },
        { name: 'job', datatype: 'BYTES', shape: ['N', 1] },
      ],
      ...{ features: [], left: [] },
    } as const;
    const codes = surprisals(['cook', 'cook', 'cook', 'clerk']);
    expect(codes['clerk']).toBe(2);
    const reader = featureReader(featureSources(schema, { job: codes }));
    const request = requestOf(
      tensorOf('n', 'INT64', [2, 2], BigInt64Array.of(1n, 2n, 3n, 4n)),
      tensorOf('job', 'BYTES', [2, 1], ['clerk', '__proto__']),
    );
    expect(reader.open(request)).toBe(true);
    const row = new Float64Array(3);
    reader.read(0, row);
    expect([...row]).toEqual([1, 2, 2]);
    reader.read(1, row);
    expect([...row]).toEqual([3, 4, Number.NaN]);
    expect(reader.open({ ...request, rows: 3 })).toBe(false);
    expect(() => featureSources(schema)).toThrow(refused('HF_GATEWAY_CONFIGURATION'));
    expect(() => featureReader([])).toThrow(refused('HF_GATEWAY_CONFIGURATION'));
  });
});
