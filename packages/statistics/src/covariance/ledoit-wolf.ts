import { StatisticsError } from '../errors.ts';

/** Rows and columns of numbers, row after row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export interface ShrunkCovariance {
  readonly mean: Float64Array;
  /** Columns × columns, row after row. */
  readonly covariance: Float64Array;
  /** How much of it is a multiple of the identity: 0 to 1. */
  readonly shrinkage: number;
}

/**
 * A covariance that has an inverse whatever the number of rows: O. Ledoit, M. Wolf, "A well-conditioned estimator for large-dimensional
 * covariance matrices" (2004). As `sklearn.covariance.LedoitWolf` has it, moments divided by the number of rows.
 * @throws StatisticsError HF_STATISTICS_VALUES for fewer than two rows, values that are not finite, or no variance at all
 */
export function ledoitWolf({ rows, columns, values }: Matrix): ShrunkCovariance {
  if (rows < 2 || columns < 1 || values.length !== rows * columns || !values.every(Number.isFinite)) {
    throw new StatisticsError('HF_STATISTICS_VALUES', 'a covariance is of at least two rows of finite numbers');
  }
  const mean = columnMeans(values, columns);
  const centred = values.map((value, at) => value - (mean[at % columns] as number));
  const covariance = secondMoments(centred, columns);
  let [trace, squares] = [0, 0];
  for (let at = 0; at < columns; at += 1) trace += covariance[at * columns + at] as number;
  for (const each of covariance) squares += each * each;
  const scale = trace / columns;
  if (!(scale > 0)) throw new StatisticsError('HF_STATISTICS_VALUES', 'the values do not vary');
  const spread = (squares - scale * trace) / columns;
  const noise = (meanFourth(centred, columns) - squares) / (columns * rows);
  const shrinkage = noise <= 0 || spread <= 0 ? 0 : Math.min(noise, spread) / spread;
  for (let at = 0; at < covariance.length; at += 1) {
    covariance[at] = (1 - shrinkage) * (covariance[at] as number) + (at % (columns + 1) === 0 ? shrinkage * scale : 0);
  }
  return { mean, covariance, shrinkage };
}

function columnMeans(values: Float64Array, columns: number): Float64Array {
  const mean = new Float64Array(columns);
  for (let at = 0; at < values.length; at += 1)
    mean[at % columns] = (mean[at % columns] as number) + (values[at] as number);
  return mean.map((sum) => (sum * columns) / values.length);
}

function secondMoments(centred: Float64Array, columns: number): Float64Array {
  const moments = new Float64Array(columns * columns);
  const rows = centred.length / columns;
  for (let start = 0; start < centred.length; start += columns) {
    for (let i = 0; i < columns; i += 1) {
      const value = centred[start + i] as number;
      for (let j = 0; j <= i; j += 1) {
        moments[i * columns + j] = (moments[i * columns + j] as number) + value * (centred[start + j] as number);
      }
    }
  }
  for (let i = 0; i < columns; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const value = (moments[i * columns + j] as number) / rows;
      moments[i * columns + j] = value;
      moments[j * columns + i] = value;
    }
  }
  return moments;
}

/** The mean of the fourth powers of the rows' lengths: Σ over rows of |x|⁴ / rows. */
function meanFourth(centred: Float64Array, columns: number): number {
  let sum = 0;
  for (let start = 0; start < centred.length; start += columns) {
    let square = 0;
    for (let at = 0; at < columns; at += 1) square += (centred[start + at] as number) ** 2;
    sum += square * square;
  }
  return (sum * columns) / centred.length;
}
