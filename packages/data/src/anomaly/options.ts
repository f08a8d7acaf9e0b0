import type { TableOptions } from '@holdfast/dataset';
import { readOptions } from '../read-options.ts';
import { anomalySchema } from './options-schema.ts';

/** What a check for anomalies is asked for; see {@link anomalySchema}. */
export interface AnomalyOptions extends TableOptions {
  readonly label?: string;
  readonly against?: string;
  readonly againstLabels?: string;
  readonly columns?: readonly string[];
  readonly text?: readonly string[];
  readonly threshold: number;
  readonly shingles: 'words' | 'characters';
  readonly shingleSize: number;
  readonly rows: number;
  readonly neighbours: number;
  readonly top: number;
  readonly falseAlarms: number;
  readonly seed: string;
  readonly maxDuplicates?: number;
  readonly maxNearDuplicates?: number;
  readonly maxLeakage?: number;
  readonly maxNearLeakage?: number;
  readonly maxConflicts?: number;
  readonly maxTargetSkill?: number;
  readonly maxOutOfRange?: number;
  readonly maxOutliers?: number;
}

/** @throws DataError HF_DATA_OPTIONS */
export function anomalyOptions(given: unknown): AnomalyOptions {
  return readOptions(anomalySchema, given) as unknown as AnomalyOptions;
}
