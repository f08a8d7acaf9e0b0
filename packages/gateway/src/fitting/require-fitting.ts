import { GatewayError } from '../errors.ts';
import type { AnomalyState } from '../protection/anomaly/anomaly-state.ts';
import type { EvasionState } from '../protection/evasion/fingerprint.ts';
import { type ExtractionState, marginBins } from '../protection/extraction/extraction-state.ts';
import { rowEncoder } from '../protection/extraction/row-encoding.ts';
import type { FittedProtections } from './fitted-protections.ts';

/**
 * Refuses parts that do not fit each other: a list that is too short would be read beyond its end, and judge by NaN.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION
 */
export function requireFitting({ sources, anomaly, evasion, extraction }: FittedProtections): void {
  const features = sources.map(({ feature }) => feature);
  for (const state of [anomaly, extraction, ...(evasion === undefined ? [] : [evasion])]) {
    const isSame =
      state.features.length === features.length && state.features.every((name, at) => name === features[at]);
    mustHold(isSame, `${state.kind} is about other features`);
  }
  requireAnomaly(anomaly, features.length);
  if (evasion !== undefined) requireEvasion(evasion, features.length);
  requireExtraction(extraction, features.length);
}

function requireAnomaly({ mayBeMissing, ranges, distance, depth, calibration }: AnomalyState, width: number): void {
  const { scaling, projection, inverse } = distance;
  const lists = [mayBeMissing, ranges.low, ranges.high, scaling.mean, scaling.deviation];
  const perFeature = [...lists, depth.rows, depth.values, depth.upTo, depth.below, depth.side];
  mustHold(
    perFeature.every(({ length }) => length === width),
    'a list of the anomaly has another length',
  );
  for (const [at, values] of depth.values.entries()) {
    const isEven = [depth.upTo[at], depth.below[at]].every((counts) => counts?.length === values.length);
    mustHold(isEven && values.length > 0 && isAscending(values), 'the tails of a feature are not in order');
  }
  let directions = width;
  if (projection !== undefined) {
    directions = projection.scaling.mean.length;
    mustHold(projection.scaling.deviation.length === directions && directions > 0, 'the projection is not whole');
    mustHold(projection.directions.length === width * (directions - 1), 'the projection is not whole');
  }
  mustHold(inverse.length === (directions * (directions + 1)) / 2, 'the covariance is not whole');
  mustHold(isAscending(calibration.greatest), 'the held-out scores are not in order');
  mustHold(calibration.greatest.length <= calibration.rows, 'there are more held-out scores than rows');
}

function requireEvasion({ steps, centres }: EvasionState, width: number): void {
  mustHold(steps.length === width && centres.length === width, 'a list of the evasion has another length');
  mustHold(
    steps.every((step) => step >= 0),
    'a step of the evasion is below 0',
  );
}

function requireExtraction({ encoding, networks, edges, cohorts, bets }: ExtractionState, width: number): void {
  const { mean, deviation, least, greatest, isWhole, levels } = encoding;
  const perFeature = [mean, deviation, least, greatest, isWhole, levels];
  mustHold(
    perFeature.every(({ length }) => length === width),
    'a list of the encoding has another length',
  );
  const encoded = rowEncoder(encoding).width;
  for (const network of networks) {
    const isWholeNetwork = network.width === encoded && network.weights.length === network.hidden * (encoded + 2) + 1;
    mustHold(isWholeNetwork, 'a network does not fit the encoding');
  }
  mustHold(isAscending(edges), 'the bins are not in order');
  for (const { likeness, margin } of cohorts) {
    const isCounted = likeness.length === edges.length + 1 && margin.length === marginBins;
    mustHold(isCounted && [...likeness, ...margin].every((count) => count >= 0), 'a cohort does not fit the bins');
  }
  for (const bet of bets) {
    const isBet = bet.densities.length === bet.edges.length - 1 && isAscending(bet.edges);
    mustHold(
      isBet && bet.densities.every((density) => density >= 0) && meanOf(bet) <= 1 + 1e-9,
      'a bet could be won by chance',
    );
  }
}

/** Of a density over what its edges divide: more than 1 would let evidence grow by itself. */
function meanOf({ edges, densities }: ExtractionState['bets'][number]): number {
  const isWhole = edges[0] === 0 && edges.at(-1) === 1;
  if (!isWhole) return Number.POSITIVE_INFINITY;
  return densities.reduce((sum, density, at) => sum + density * ((edges[at + 1] ?? 0) - (edges[at] ?? 0)), 0);
}

const isAscending = (values: readonly number[]): boolean =>
  values.every((value, at) => at === 0 || value >= (values[at - 1] as number));

function mustHold(holds: boolean, otherwise: string): void {
  if (!holds) throw new GatewayError('HF_GATEWAY_CONFIGURATION', `what was fitted is not whole: ${otherwise}`);
}
