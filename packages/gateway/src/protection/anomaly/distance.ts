import { cholesky, invertLower, ledoitWolf, principalComponents, squaredDistance } from '@holdfast/statistics';

/** Above so many features, the components of most variance and what they leave take their place. */
const mostFeatures = 64;
const components = 32;

interface Scaling {
  readonly mean: readonly number[];
  /** Standard deviations; 1 where nothing varies. */
  readonly deviation: readonly number[];
}

/** Centre, axes and spread of ordinary rows. */
export interface DistanceState {
  readonly scaling: Scaling;
  /** Of the scaled features: directions × features, row after row, and the scaling of what is found along them. */
  readonly projection?: { readonly directions: readonly number[]; readonly scaling: Scaling };
  /** L⁻¹ of the shrunk covariance of what is left, packed row after row. */
  readonly inverse: readonly number[];
  readonly shrinkage: number;
}

/** @param columns NaN where a value is missing */
export function fitDistance(columns: readonly Float64Array[]): DistanceState {
  const scaling = scalingOf(columns);
  const rows = columns[0]?.length ?? 0;
  const width = columns.length;
  const scaled = new Float64Array(rows * width);
  for (const [at, column] of columns.entries()) {
    for (let row = 0; row < rows; row += 1) scaled[row * width + at] = scaledValue(column[row] as number, scaling, at);
  }
  if (width <= mostFeatures) return { scaling, ...inverseOf(scaled, rows, width) };
  const { covariance } = ledoitWolf({ rows, columns: width, values: scaled });
  const directions = principalComponents(covariance, width, components);
  const projected = new Float64Array(rows * (components + 1));
  for (let row = 0; row < rows; row += 1) {
    project(directions, scaled.subarray(row * width, (row + 1) * width), projected.subarray(row * (components + 1)));
  }
  const along = Array.from({ length: components + 1 }, (_, at) =>
    Float64Array.from({ length: rows }, (_each, row) => projected[row * (components + 1) + at] as number),
  );
  const inner = scalingOf(along);
  for (let at = 0; at < projected.length; at += 1) {
    projected[at] = scaledValue(projected[at] as number, inner, at % (components + 1));
  }
  const projection = { directions: [...directions], scaling: inner };
  return { scaling, projection, ...inverseOf(projected, rows, components + 1) };
}

function inverseOf(values: Float64Array, rows: number, columns: number): Pick<DistanceState, 'inverse' | 'shrinkage'> {
  const { covariance, shrinkage } = ledoitWolf({ rows, columns, values });
  return { inverse: [...invertLower(cholesky(covariance, columns), columns)], shrinkage };
}

function scalingOf(columns: readonly Float64Array[]): Scaling {
  const present = columns.map((column) => column.filter((value) => !Number.isNaN(value)));
  const mean = present.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  const deviation = present.map((column, at) => {
    const variance = column.reduce((sum, value) => sum + (value - (mean[at] ?? 0)) ** 2, 0) / column.length;
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
  return { mean, deviation };
}

/** A missing value is taken for the mean. */
function scaledValue(value: number, { mean, deviation }: Scaling, at: number): number {
  return Number.isNaN(value) ? 0 : (value - (mean[at] as number)) / (deviation[at] as number);
}

/** What a row has along each direction, and the logarithm of the square of what is left (Q of Jackson and Mudholkar, 1979). */
function project(directions: Float64Array, row: Float64Array, into: Float64Array): void {
  let left = 0;
  for (let at = 0; at < row.length; at += 1) left += (row[at] as number) ** 2;
  for (let each = 0, at = 0; each < components; each += 1) {
    let sum = 0;
    for (let index = 0; index < row.length; index += 1, at += 1)
      sum += (directions[at] as number) * (row[index] as number);
    into[each] = sum;
    left -= sum * sum;
  }
  into[components] = Math.log(Math.max(left, 1e-12));
}

/** The Mahalanobis distance of a row from the centre, under the shrunk covariance; of more than 64 features under that of their components. */
export function distanceScore({ scaling, projection, inverse }: DistanceState): (row: Float64Array) => number {
  const packed = Float64Array.from(inverse);
  const scale = scaler(scaling);
  const scaled = new Float64Array(scaling.mean.length);
  if (projection === undefined) {
    return (row) => {
      scale(row, scaled);
      return Math.sqrt(squaredDistance(packed, scaled));
    };
  }
  const directions = Float64Array.from(projection.directions);
  const scaleAlong = scaler(projection.scaling);
  const along = new Float64Array(components + 1);
  return (row) => {
    scale(row, scaled);
    project(directions, scaled, along);
    scaleAlong(along, along);
    return Math.sqrt(squaredDistance(packed, along));
  };
}

function scaler({ mean, deviation }: Scaling): (row: Float64Array, into: Float64Array) => void {
  const means = Float64Array.from(mean);
  const factors = Float64Array.from(deviation, (each) => 1 / each);
  return (row, into) => {
    for (let at = 0; at < means.length; at += 1) {
      const value = row[at] as number;
      into[at] = Number.isNaN(value) ? 0 : (value - (means[at] as number)) * (factors[at] as number);
    }
  };
}
