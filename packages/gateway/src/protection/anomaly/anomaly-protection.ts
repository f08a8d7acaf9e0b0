import { conformalRank } from '@holdfast/statistics';
import { GatewayError } from '../../errors.ts';
import type { InferenceRequest } from '../../protocols/inference.ts';
import { type FeatureSource, featureReader } from '../features.ts';
import type { InputProtection, Judgement } from '../protection.ts';
import { type AnomalyAspect, anomalyScorer } from './anomaly-score.ts';
import type { AnomalyState } from './anomaly-state.ts';

const messages: Readonly<Record<AnomalyAspect, string>> = {
  missing: 'a value is missing or infinite, and in the training data it never was',
  range: 'a feature lies far outside of the training data',
  mahalanobis: 'the features together are not like those of the training data',
  ecod: 'the features lie in the tails of the training data',
};

/**
 * Speaks about requests that are not like the training data. Of a batch of m rows the most anomalous counts at the m-th part of half of the
 * false alarms, and that half of the rows are anomalous at a quarter of them: both hold however the rows of a request depend on each other
 * (B. Rüger, 1978; V. Vovk, R. Wang, "Combining p-values via averaging", 2020, section 3).
 * @param sources where the features of the state stand in requests, in its order
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where they are not the features of the state
 */
export function anomalyProtection(state: AnomalyState, sources: readonly FeatureSource[]): InputProtection {
  const { features, calibration } = state;
  if (sources.length !== features.length || sources.some(({ feature }, at) => feature !== features[at])) {
    throw new GatewayError(
      'HF_GATEWAY_CONFIGURATION',
      'the anomaly state was fitted to other features than the model takes',
    );
  }
  const scorer = anomalyScorer(state);
  const reader = featureReader(sources);
  const row = new Float64Array(features.length);
  const [alone, half] = [thresholdAt(calibration, 1), thresholdAt(calibration, 0.25)];
  return {
    name: 'anomaly',
    judge(request: InferenceRequest): Judgement | undefined {
      if (!reader.open(request)) return said('unreadable', 'the features are not where the model takes them', 0, 0);
      const { rows } = request;
      const threshold = rows === 1 ? alone : thresholdAt(calibration, 0.5 / rows);
      let count = 0;
      for (let index = 0; index < rows; index += 1) {
        reader.read(index, row);
        const score = scorer.score(row);
        if (score > threshold || score === Number.POSITIVE_INFINITY)
          return said(scorer.aspect, messages[scorer.aspect], score, threshold);
        if (score > half) count += 1;
      }
      if (rows === 1 || count < Math.ceil(rows / 2)) return undefined;
      return said('batch', 'half of the rows are not like the training data', count / rows, 0.5);
    },
  };
}

/** The score that a row is above with a chance of at most this part of the false alarms; infinite where too few rows were held out. */
export function thresholdAt({ rows, greatest, falseAlarms }: AnomalyState['calibration'], part: number): number {
  const fromEnd = rows - conformalRank(rows, falseAlarms * part);
  return fromEnd < 0 ? Number.POSITIVE_INFINITY : (greatest[greatest.length - 1 - fromEnd] as number);
}

function said(rule: string, message: string, score: number, threshold: number): Judgement {
  return { protection: 'anomaly', rule: `gateway.anomaly.${rule}`, message, score, threshold };
}
