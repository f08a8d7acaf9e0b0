import { distanceScore, fitDistance } from '@holdfast/gateway/protection/anomaly/distance';
import { depthScore, fitDepth } from '@holdfast/gateway/protection/anomaly/tail-depth';
import { cholesky, invertLower, ledoitWolf, principalComponents, squaredDistance } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import recorded from './recorded-anomaly.json' with { type: 'json' };

const columnsOf = (table: readonly (readonly number[])[]): Float64Array[] =>
  (table[0] ?? []).map((_, at) => Float64Array.from(table, (row) => row[at] ?? 0));

const matrixOf = (table: readonly (readonly number[])[]) => ({
  ...{ rows: table.length, columns: table[0]?.length ?? 0, values: Float64Array.from(table.flat()) },
});

function expectClose(found: number, expected: number, relative = 1e-9): void {
  expect(Math.abs(found - expected), `${found} and ${expected}`).toBeLessThanOrEqual(
    relative * Math.max(1, Math.abs(expected)),
  );
}

describe('distances and depths are those of scikit-learn and pyod', () => {
  it('Mahalanobis under the covariance of Ledoit and Wolf, of scaled features', () => {
    const state = fitDistance(columnsOf(recorded.table));
    expectClose(state.shrinkage, recorded.shrinkage);
    const score = distanceScore(state);
    for (const [at, row] of recorded.fresh.entries())
      expectClose(score(Float64Array.from(row)), recorded.mahalanobis[at] ?? 0);
  });

  it('ECOD of a new row', () => {
    const score = depthScore(fitDepth(columnsOf(recorded.table)));
    for (const [at, row] of recorded.fresh.entries())
      expectClose(score(Float64Array.from(row)), recorded.ecod[at] ?? 0);
  });

  it('shrinks where there are more columns than rows', () => {
    const { covariance, shrinkage } = ledoitWolf(matrixOf(recorded.wide));
    expectClose(shrinkage, recorded.wideShrinkage);
    for (const [at, each] of recorded.wideCovariance.flat().entries()) expectClose(covariance[at] ?? 0, each);
    expect(() => cholesky(covariance, 20)).not.toThrow();
  });

  it('distances by the triangle, under a covariance that is given', () => {
    const inverse = invertLower(cholesky(Float64Array.from(recorded.empiricalCovariance.flat()), 5), 5);
    for (const [at, row] of recorded.fresh.entries()) {
      const centred = Float64Array.from(row, (value, each) => value - (recorded.empiricalMean[each] ?? 0));
      expectClose(squaredDistance(inverse, centred), recorded.empirical[at] ?? 0, 1e-8);
    }
  });

  it('components, up to their sign', () => {
    const table = matrixOf(recorded.spectrum);
    const [rows, size] = [table.rows, table.columns];
    const means = columnsOf(recorded.spectrum).map((column) => column.reduce((sum, each) => sum + each, 0) / rows);
    const covariance = new Float64Array(size * size);
    for (const row of recorded.spectrum) {
      for (let i = 0; i < size; i += 1) {
        for (let j = 0; j < size; j += 1)
          covariance[i * size + j]! += ((row[i]! - means[i]!) * (row[j]! - means[j]!)) / rows;
      }
    }
    const found = principalComponents(covariance, size, 3);
    for (const [component, expected] of recorded.components.entries()) {
      const cosine = expected.reduce((sum, each, at) => sum + each * (found[component * size + at] ?? 0), 0);
      expectClose(Math.abs(cosine), 1, 1e-9);
    }
  });
});
