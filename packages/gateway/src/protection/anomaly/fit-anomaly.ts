import { conformalRank, type Matrix, randomOf } from '@holdfast/statistics';
import { GatewayError } from '../../errors.ts';
import { anomalyScorer } from './anomaly-score.ts';
import type { AnomalyState } from './anomaly-state.ts';
import { distanceScore, fitDistance } from './distance.ts';
import { fitRanges, rangesScore } from './ranges.ts';
import { fitSurprise, type SurpriseState } from './surprise.ts';
import { depthScore, fitDepth } from './tail-depth.ts';

export interface AnomalyOptions {
  readonly features: readonly string[];
  /** Part of ordinary requests that may be called anomalous; 0.001 unless told otherwise. */
  readonly falseAlarms?: number;
  /** Rows to calibrate with, that nothing was fitted to. Without them, as many of the rows as `heldOutShare` says, 0.5. */
  readonly heldOut?: Matrix;
  readonly heldOutShare?: number;
  readonly seed?: string;
}

const mostFeatures = 4096;

/**
 * Learns what ordinary rows are like, and from other rows of the same kind at which score to speak: of requests that are exchangeable with
 * them, at most the stated part is called anomalous (split conformal, see `conformalThreshold`), exactly, for any number of rows.
 * @param rows NaN where a value is missing; a row with an infinite one is refused
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for too few rows: held out 1/falseAlarms − 1, and to fit 32
 */
export function fitAnomaly(rows: Matrix, options: AnomalyOptions): AnomalyState {
  const { features, falseAlarms = 0.001 } = options;
  requireMatrix(rows, features);
  const { fitted, heldOut } = divided(rows, options);
  requireMatrix(heldOut, features);
  if (!(falseAlarms > 0 && falseAlarms < 1)) throw wrong('`falseAlarms` lies between 0 and 1');
  if (conformalRank(heldOut.rows, falseAlarms) > heldOut.rows) {
    const least = Math.ceil(1 / falseAlarms - 1 - 1e-9);
    throw wrong(`${heldOut.rows} held-out rows are too few for \`falseAlarms: ${falseAlarms}\`: it takes ${least}`);
  }
  const model = fitModel(fitted, features);
  const scores = scoresOf(anomalyScorer(model), heldOut).sort();
  const kept = Math.floor(falseAlarms * (heldOut.rows + 1) * (1 + 1e-12)) + 1;
  const greatest = [...scores.subarray(Math.max(0, scores.length - kept))];
  return { ...model, calibration: { falseAlarms, rows: heldOut.rows, greatest } };
}

function requireMatrix({ rows, columns, values }: Matrix, features: readonly string[]): void {
  if (columns !== features.length || columns < 1 || columns > mostFeatures || values.length !== rows * columns) {
    throw wrong(`rows have a value for each of ${features.length} features, 1 to ${mostFeatures} of them`);
  }
  if (values.some((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)) {
    throw wrong('a value of the rows is infinite');
  }
}

function divided(rows: Matrix, { heldOut, heldOutShare = 0.5, seed = 'anomaly' }: AnomalyOptions) {
  if (heldOut !== undefined) return { fitted: rows, heldOut };
  if (!(heldOutShare > 0 && heldOutShare < 1)) throw wrong('`heldOutShare` lies between 0 and 1');
  const order = randomOf(seed).shuffle(Int32Array.from({ length: rows.rows }, (_, row) => row));
  const count = Math.round(rows.rows * heldOutShare);
  return { fitted: chosenRows(rows, order.subarray(count)), heldOut: chosenRows(rows, order.subarray(0, count)) };
}

function chosenRows({ columns, values }: Matrix, chosen: Int32Array): Matrix {
  const picked = new Float64Array(chosen.length * columns);
  for (const [to, row] of chosen.entries())
    picked.set(values.subarray(row * columns, (row + 1) * columns), to * columns);
  return { rows: chosen.length, columns, values: picked };
}

function fitModel(matrix: Matrix, features: readonly string[]): Omit<AnomalyState, 'calibration'> {
  if (matrix.rows < 32) throw wrong(`${matrix.rows} rows are too few to fit: it takes 32`);
  const columns = features.map((_, at) =>
    Float64Array.from({ length: matrix.rows }, (_each, row) => matrix.values[row * matrix.columns + at] as number),
  );
  const present = columns.map((column) => column.filter((value) => !Number.isNaN(value)));
  const empty = present.findIndex(({ length }) => length === 0);
  if (empty >= 0) throw wrong(`the feature \`${features[empty] ?? ''}\` is missing in all rows`);
  const ranges = fitRanges(present);
  const distance = fitDistance(columns);
  const depth = fitDepth(present);
  const surprises = [rangesScore(ranges), distanceScore(distance), depthScore(depth)].map((score) =>
    fitSurprise(scoresOf({ score }, matrix)),
  ) as [SurpriseState, SurpriseState, SurpriseState];
  const mayBeMissing = columns.map((column, at) => Number(column.length > (present[at]?.length ?? 0)));
  return { kind: 'anomaly/v1', features, mayBeMissing, ranges, distance, depth, surprises };
}

function scoresOf(
  { score }: { readonly score: (row: Float64Array) => number },
  { rows, columns, values }: Matrix,
): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => score(values.subarray(row * columns, (row + 1) * columns)));
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
