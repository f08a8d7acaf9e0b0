import {
  type BettingFunction,
  bettingFunction,
  type Matrix,
  type Random,
  randomOf,
  rankPValue,
} from '@holdfast/statistics';
import { GatewayError } from '../../errors.ts';
import {
  type Cohort,
  type ExtractionState,
  likenessBin,
  marginBin,
  marginBins,
  mostClasses,
} from './extraction-state.ts';
import { likenessScore, trainLikeness } from './likeness-network.ts';
import { type Making, makings, rowMaker } from './made-rows.ts';
import { rowEncoder, rowEncoding } from './row-encoding.ts';

/** Rows that nothing was fitted to, and what the model answers to them. */
export interface AnsweredRows extends Matrix {
  /** The place of the greatest probability. */
  readonly classes: ArrayLike<number>;
  /** By how much it is greater than the next. */
  readonly margins: ArrayLike<number>;
}

export interface ExtractionOptions {
  readonly features: readonly string[];
  readonly heldOut: AnsweredRows;
  readonly seed?: string;
  /** Batches of 48 rows that each network learns from; 1,500 unless told otherwise. */
  readonly steps?: number;
  readonly networks?: number;
  /** Part of a caller's rows that may be as strange as they like without being evidence; 0.05 unless told otherwise. */
  readonly contamination?: number;
}

const bins = 48;

/**
 * Learns to tell real rows from made-up ones, how real rows of each class score, and what made-up ones are worth betting on.
 * @param rows of the training data
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for fewer than 32 rows or held-out rows, or other columns
 */
export function fitExtraction(rows: Matrix, options: ExtractionOptions): ExtractionState {
  const { features, heldOut, seed = 'extraction', steps = 1500, networks: count = 2, contamination = 0.05 } = options;
  requireRows(rows, heldOut, features.length);
  const random = randomOf(seed);
  const encoding = rowEncoding(rows);
  const encoder = rowEncoder(encoding);
  const make = rowMaker(rows, encoding, random.fork('made'));
  const networks = Array.from({ length: count }, (_, at) => {
    const own = random.fork(`network ${at}`);
    return trainLikeness(encoder, () => drawn(rows, make, own), own, steps);
  });
  const score = likenessScore(networks, encoder);
  const edges = edgesOf(rows, make, score, random.fork('edges'));
  const cohorts = cohortsOf(heldOut, edges, score);
  const bets = makings.map((making) =>
    betOn(() => make(making), { edges, cohorts, score, contamination, random: random.fork(making) }),
  );
  return { kind: 'extraction/v1', features, encoding, networks, edges: [...edges], cohorts, bets, seed };
}

function requireRows(rows: Matrix, heldOut: AnsweredRows, width: number): void {
  const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
  for (const each of [rows, heldOut]) {
    if (each.columns !== width || each.values.length !== each.rows * width) throw wrong(`rows have ${width} features`);
    if (each.rows < 32) throw wrong(`${each.rows} rows are too few: it takes 32`);
  }
  const { classes, margins } = heldOut;
  if (classes.length !== heldOut.rows || margins.length !== heldOut.rows)
    throw wrong('a held-out row lacks its answer');
  for (let at = 0; at < heldOut.rows; at += 1) {
    const answer = classes[at] as number;
    if (!(Number.isSafeInteger(answer) && answer >= 0) || Number.isNaN(margins[at])) {
      throw wrong('a class of held-out rows is no whole number, or a margin is `NaN`');
    }
  }
}

const shares: Readonly<Record<Making, number>> = {
  marginals: 0.4,
  mixed: 0.25,
  uniform: 0.1,
  between: 0.1,
  stepped: 0.15,
};

function drawn(
  rows: Matrix,
  make: (making: Making) => Float64Array,
  random: Random,
): { row: Float64Array; target: number } {
  if (random.uniform() < 0.5) {
    const at = random.integer(rows.rows) * rows.columns;
    return { row: rows.values.subarray(at, at + rows.columns), target: 0 };
  }
  let left = random.uniform();
  for (const making of makings) {
    left -= shares[making];
    if (left < 0) return { row: make(making), target: 1 };
  }
  return { row: make('marginals'), target: 1 };
}

type Score = (row: Float64Array) => number;

/** Quantiles of real and made-up rows together: bins that do not depend on the rows that are counted in them. */
function edgesOf(rows: Matrix, make: (making: Making) => Float64Array, score: Score, random: Random): Float64Array {
  const scores = Float64Array.from({ length: 3000 }, () => score(drawn(rows, make, random).row)).sort();
  return Float64Array.from(
    { length: bins - 1 },
    (_, at) => scores[Math.floor(((at + 1) * scores.length) / bins)] as number,
  );
}

function cohortsOf(heldOut: AnsweredRows, edges: Float64Array, score: Score): Cohort[] {
  const { rows, columns, values, classes, margins } = heldOut;
  const cohorts: { likeness: number[]; margin: number[] }[] = [];
  for (let row = 0; row < rows; row += 1) {
    const place = Math.min(classes[row] as number, mostClasses - 1);
    while (cohorts.length <= place) {
      cohorts.push({ likeness: new Array<number>(bins).fill(0), margin: new Array<number>(marginBins).fill(0) });
    }
    const { likeness, margin } = cohorts[place] as (typeof cohorts)[number];
    const bin = likenessBin(edges, score(values.subarray(row * columns, (row + 1) * columns)));
    likeness[bin] = (likeness[bin] as number) + 1;
    const of = marginBin(margins[row] as number);
    margin[of] = (margin[of] as number) + 1;
  }
  return cohorts;
}

interface Betting {
  readonly edges: Float64Array;
  readonly cohorts: readonly Cohort[];
  readonly score: Score;
  readonly contamination: number;
  readonly random: Random;
}

/** What p-values made-up rows have among all held-out rows: whichever class the model would answer. */
function betOn(make: () => Float64Array, { edges, cohorts, score, contamination, random }: Betting): BettingFunction {
  const all = Float64Array.from({ length: bins }, (_, bin) =>
    cohorts.reduce((sum, { likeness }) => sum + (likeness[bin] ?? 0), 0),
  );
  const size = all.reduce((sum, each) => sum + each, 0);
  const values = Float64Array.from({ length: 1500 }, () => {
    const bin = likenessBin(edges, score(make()));
    let above = 0;
    for (let at = bin + 1; at < bins; at += 1) above += all[at] as number;
    return rankPValue(above, all[bin] as number, size, random.uniform());
  });
  return bettingFunction(values, { contamination });
}
