import type { CheckDescription } from '@holdfast/evidence/check';
import { dataVersion } from '../version.ts';
import { anomalySchema } from './options-schema.ts';
import { anomalyRules } from './rules.ts';

/**
 * What is odd about the rows and columns of a table.
 *
 * A limit that is declared (`max…`) fails when it is broken. Of what has none, rows that stand in `against`, too, fail,
 * because every measurement with them is wrong; duplicates, near duplicates, contradictory labels, columns that tell the
 * label, values beyond those of `against`, and more rows far from it than chance explains warn, because there are honest
 * tables with them; keys, constant columns, and rare values of a table that is compared with none are only said.
 */
export const anomalyCheck: CheckDescription = {
  name: 'data.anomaly',
  version: dataVersion,
  title: 'Duplicates, leaks between train and test, contradictory labels, and rows that do not belong',
  artifacts: ['dataset'],
  options: anomalySchema,
  inputs: ['against', 'labels', 'againstLabels'],
  headline: ['rows', 'duplicate_rows', 'near_duplicate_rows', 'leaked_rows', 'conflict_rows', 'outlier_rows'],
  rules: Object.values(anomalyRules),
  load: async () => (await import('./anomaly-check.ts')).anomalyCheckRun,
};
