import { type Matrix, randomOf } from '@holdfast/statistics';
import { GatewayError } from '../../errors.ts';
import { type EvasionState, fingerprinter, mostSingle } from './fingerprint.ts';

export interface EvasionFitOptions {
  readonly features: readonly string[];
  /** Width of a step in standard deviations of a feature; 0.5 unless told otherwise. */
  readonly step?: number;
  readonly seed?: string;
}

const pairs = 50_000;
const mostRows = 4000;
/** Features with so few values are equal or not. */
const fewValues = 12;

/**
 * How coarse to look at features, and how alike ordinary rows are, so that variations are told from them.
 * @param rows of the training data, at least 32
 * @throws GatewayError HF_GATEWAY_CONFIGURATION, also where ordinary rows are so much alike that nothing could be told
 */
export function fitEvasion({ rows, columns, values }: Matrix, options: EvasionFitOptions): EvasionState {
  const { features, step = 0.5, seed = 'evasion' } = options;
  if (rows < 32 || columns !== features.length || values.length !== rows * columns)
    throw wrong('it takes 32 rows of the features');
  if (!(step > 0)) throw wrong('`step` is above 0');
  const perFeature = features.map((_, at) =>
    Float64Array.from({ length: rows }, (_each, row) => values[row * columns + at] as number).filter(Number.isFinite),
  );
  const centres = perFeature.map(
    (column) => column.reduce((sum, value) => sum + value, 0) / Math.max(1, column.length),
  );
  const steps = stepsOf(perFeature, centres, step);
  const { parts, units, write, difference } = fingerprinter({ steps, centres });
  const count = Math.min(rows, mostRows);
  const prints = Array.from({ length: count }, (_, row) => {
    const print = new Uint32Array(parts);
    write(values.subarray(row * columns, (row + 1) * columns), print);
    return print;
  });
  const random = randomOf(seed);
  const found = Float64Array.from({ length: pairs }, () => {
    const first = random.integer(count);
    const second = (first + 1 + random.integer(count - 1)) % count;
    return difference(prints[first] as Uint32Array, prints[second] as Uint32Array, 0, units);
  }).sort();
  // Less than all but one in ten thousand pairs, and at most half.
  const most = Math.min(Math.floor(units / 2), (found[Math.floor(pairs * 1e-4)] as number) - 1);
  if (most < 0) throw wrong('ordinary rows are so much alike that variations cannot be told from them');
  return { kind: 'evasion/v1', features, steps, centres, most };
}

/** Of many features that are of one kind, such as pixels, all have one step: the noise of an attack is as large in the dull ones. */
function stepsOf(columns: readonly Float64Array[], centres: readonly number[], step: number): number[] {
  const variances = columns.map(
    (column, at) =>
      column.reduce((sum, value) => sum + (value - (centres[at] as number)) ** 2, 0) / Math.max(1, column.length),
  );
  const mean = variances.reduce((sum, each) => sum + each, 0) / variances.length;
  return columns.map((column, at) => {
    if (columns.length > mostSingle) return step * Math.sqrt(mean);
    return new Set(column).size <= fewValues ? 0 : step * Math.sqrt(variances[at] as number);
  });
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
