import { type BettingFunction, mixturePayoff, payoff, type Random } from '@holdfast/statistics';
import { addPayoff, type Bag, bagOf, type CallerEvidence, callerEvidence, joinedPValue } from './caller-evidence.ts';
import { type ExtractionState, likenessBin, marginBin, marginBins, mostClasses } from './extraction-state.ts';
import { likenessScore } from './likeness-network.ts';
import { enterCell, noveltyCells } from './novelty-cells.ts';
import { type RowEncoder, rowEncoder } from './row-encoding.ts';
import { type Variations, variations } from './variations.ts';

export interface DetectorOptions {
  /**
   * How many times likelier than among held-out rows a caller's own rows may be, whatever they are, without being evidence: a caller all of
   * whose rows come from the strangest part 1/tolerance of ordinary ones is not accused. 1 for likeness and 4 for margins unless told otherwise.
   */
  readonly tolerance?: { readonly likeness?: number; readonly margin?: number };
  /** For ties between scores. */
  readonly random: Random;
}

export interface ExtractionDetector {
  fresh(): CallerEvidence;
  /** Forgets what it is evidence of; what was asked about and used of a budget stays. */
  restart(evidence: CallerEvidence): void;
  /** Takes up a row; it is not copied. */
  look(row: Float64Array): void;
  /** The novelty cell of the row that was taken up. */
  cell(): number;
  /** The row that was taken up was asked, and answered: class and margin, NaN where there is none. @returns whether it was a new one */
  add(evidence: CallerEvidence, answer: { readonly class: number; readonly margin: number }): boolean;
  /** How much evidence there is: by chance it reaches 1/α for at most the part α of ordinary callers, ever. */
  evidenceOf(evidence: CallerEvidence): number;
}

/** A class of which fewer held-out rows are known is no evidence. */
const leastRows = 20;

/** Weighs rows of a caller one after the other. */
export function extractionDetector(state: ExtractionState, options: DetectorOptions): ExtractionDetector {
  return new RowWeigher(state, options);
}

class RowWeigher implements ExtractionDetector {
  readonly #random: Random;
  readonly #tolerated: number;
  readonly #toleratedMargin: number;
  readonly #encoder: RowEncoder;
  readonly #score: (row: Float64Array) => number;
  readonly #cellOf: (scaled: Float64Array) => number;
  readonly #varied: Variations;
  readonly #edges: Float64Array;
  readonly #likeness: readonly Bag[];
  readonly #margins: readonly Bag[];
  readonly #bets: readonly BettingFunction[];
  readonly #weights: Float64Array;
  #looked: Float64Array = new Float64Array(0);
  #cell = -1;
  #bin = -1;

  constructor(state: ExtractionState, { tolerance, random }: DetectorOptions) {
    this.#random = random;
    this.#tolerated = tolerance?.likeness ?? 1;
    this.#toleratedMargin = tolerance?.margin ?? 4;
    this.#encoder = rowEncoder(state.encoding);
    this.#score = likenessScore(state.networks, this.#encoder);
    this.#cellOf = noveltyCells(state.features.length, state.seed);
    this.#varied = variations(state.features.length);
    this.#edges = Float64Array.from(state.edges);
    this.#likeness = state.cohorts.map(({ likeness }) => bagOf(likeness));
    this.#margins = state.cohorts.map(({ margin }) => bagOf(margin));
    this.#bets = state.bets;
    this.#weights = weightsOf(state.bets.length);
  }

  fresh(): CallerEvidence {
    const likeness = (this.#edges.length + 1) * this.#likeness.length;
    const sizes = { kinds: this.#weights.length, likeness, margin: marginBins * this.#margins.length };
    return callerEvidence(sizes, this.#varied.fresh());
  }

  restart(evidence: CallerEvidence): void {
    restart(evidence);
  }

  look(row: Float64Array): void {
    this.#looked = row;
    this.#cell = -1;
    this.#bin = -1;
  }

  cell(): number {
    if (this.#cell < 0) this.#cell = this.#cellOf(this.#encoder.encode(this.#looked).scaled);
    return this.#cell;
  }

  add(evidence: CallerEvidence, answer: { readonly class: number; readonly margin: number }): boolean {
    if (this.#varied.isVariation(evidence.recent, this.#looked)) return false;
    if (!enterCell(evidence.cells, this.cell())) return false;
    const cohort = Math.min(answer.class, mostClasses - 1);
    // What was never answered to held-out rows has nothing to be compared with.
    const bag = this.#likeness[cohort];
    if (bag === undefined || bag.size < leastRows) return true;
    this.#weighLikeness(evidence, bag, cohort);
    if (!Number.isNaN(answer.margin)) this.#weighMargin(evidence, cohort, answer.margin);
    return true;
  }

  #weighLikeness(evidence: CallerEvidence, bag: Bag, cohort: number): void {
    if (this.#bin < 0) this.#bin = likenessBin(this.#edges, this.#score(this.#looked));
    const start = cohort * (this.#edges.length + 1);
    const p = joinedPValue(bag, { own: evidence.likeness, start, bin: this.#bin }, this.#random.uniform());
    const tolerated = Math.min(1, this.#tolerated * p);
    for (let kind = 0; kind < this.#bets.length; kind += 1) {
      addPayoff(evidence, kind, payoff(this.#bets[kind] as BettingFunction, tolerated));
    }
  }

  #weighMargin(evidence: CallerEvidence, cohort: number, margin: number): void {
    const place = { own: evidence.margin, start: cohort * marginBins, bin: marginBin(margin) };
    const p = joinedPValue(this.#margins[cohort] as Bag, place, this.#random.uniform());
    addPayoff(evidence, this.#bets.length, mixturePayoff(Math.min(1, this.#toleratedMargin * p)));
  }

  evidenceOf({ values }: CallerEvidence): number {
    let total = 0;
    for (let kind = 0; kind < values.length; kind += 1)
      total += (this.#weights[kind] as number) * (values[kind] as number);
    return total;
  }
}

function restart(evidence: CallerEvidence): void {
  evidence.steps.fill(0);
  evidence.values.fill(0);
  evidence.likeness.fill(0);
  evidence.margin.fill(0);
  evidence.alarmMs = Number.NEGATIVE_INFINITY;
  evidence.greatest = 0;
}

/** What is made up counts three quarters, what is near the boundary one. */
function weightsOf(bets: number): Float64Array {
  return Float64Array.from({ length: bets + 1 }, (_, kind) => (kind < bets ? 0.75 / bets : 0.25));
}
