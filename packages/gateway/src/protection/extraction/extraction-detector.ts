import { type BettingFunction, mixturePayoff, payoff, type Random } from '@holdfast/statistics';
import { addPayoff, type Bag, bagOf, type CallerEvidence, callerEvidence, joinedPValue } from './caller-evidence.ts';
import { type ExtractionState, likenessBin, marginBin, marginBins, mostClasses } from './extraction-state.ts';
import { likenessScore } from './likeness-network.ts';
import { enterCell, noveltyCells } from './novelty-cells.ts';
import { rowEncoder } from './row-encoding.ts';
import { variations } from './variations.ts';

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
  const { likeness: tolerated = 1, margin: toleratedMargin = 4 } = options.tolerance ?? {};
  const encoder = rowEncoder(state.encoding);
  const score = likenessScore(state.networks, encoder);
  const cellOf = noveltyCells(state.features.length, state.seed);
  const varied = variations(state.features.length);
  const edges = Float64Array.from(state.edges);
  const bins = edges.length + 1;
  const likeness = state.cohorts.map((cohort) => bagOf(cohort.likeness));
  const margins = state.cohorts.map((cohort) => bagOf(cohort.margin));
  const kinds = state.bets.length + 1;
  const weights = weightsOf(state.bets.length);
  let looked = new Float64Array(0);
  let [cell, bin] = [-1, -1];
  const cellOfLooked = (): number => {
    if (cell < 0) cell = cellOf(encoder.encode(looked).scaled);
    return cell;
  };
  return {
    fresh: () =>
      callerEvidence({ kinds, likeness: bins * likeness.length, margin: marginBins * margins.length }, varied.fresh()),
    restart,
    look(row) {
      looked = row;
      cell = -1;
      bin = -1;
    },
    cell: cellOfLooked,
    add(evidence, answer) {
      if (varied.isVariation(evidence.recent, looked)) return false;
      if (!enterCell(evidence.cells, cellOfLooked())) return false;
      const cohort = Math.min(answer.class, mostClasses - 1);
      // What was never answered to held-out rows has nothing to be compared with.
      const bag = likeness[cohort];
      if (bag === undefined || bag.size < leastRows) return true;
      if (bin < 0) bin = likenessBin(edges, score(looked));
      const p = joinedPValue(bag, evidence.likeness, cohort * bins, bin, options.random.uniform());
      for (let kind = 0; kind < kinds - 1; kind += 1) {
        addPayoff(evidence, kind, payoff(state.bets[kind] as BettingFunction, Math.min(1, tolerated * p)));
      }
      if (Number.isNaN(answer.margin)) return true;
      const of = { bag: margins[cohort] as Bag, start: cohort * marginBins, bin: marginBin(answer.margin) };
      const q = joinedPValue(of.bag, evidence.margin, of.start, of.bin, options.random.uniform());
      addPayoff(evidence, kinds - 1, mixturePayoff(Math.min(1, toleratedMargin * q)));
      return true;
    },
    evidenceOf({ values }) {
      let total = 0;
      for (let kind = 0; kind < kinds; kind += 1) total += (weights[kind] as number) * (values[kind] as number);
      return total;
    },
  };
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
