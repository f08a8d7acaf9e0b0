import type { TableOptions } from '@holdfast/dataset';
import { effectThresholds } from '@holdfast/statistics';
import { secondLabels, tableProperties } from '../table-options.ts';

/** How large a change has to be before it matters, by the name of its measure. */
export interface LeastEffects {
  /** Population stability index. */
  readonly psi: number;
  /** |δ| of Cliff. */
  readonly cliffsDelta: number;
  /** V of Cramér. */
  readonly cramersV: number;
  /** |h| of Cohen of the shares of missing (or infinite) values. */
  readonly missing: number;
  /** Area under the curve of the domain classifier. */
  readonly auc: number;
}

/** What the literature calls the smallest effect worth a name. */
export const leastEffects: LeastEffects = {
  psi: effectThresholds.populationStability.small,
  cliffsDelta: effectThresholds.cliffsDelta.small,
  cramersV: effectThresholds.cramersV.small,
  missing: 0.2,
  auc: 0.5 + effectThresholds.commonLanguage.small,
};

export type Correction = 'holm' | 'bh' | 'bonferroni' | 'by';

export interface DriftOptions extends TableOptions {
  readonly reference: string;
  readonly referenceLabels?: string;
  readonly columns?: readonly string[];
  readonly tests: 'default' | 'all';
  readonly alpha: number;
  readonly correction: Correction;
  readonly minEffect?: Partial<LeastEffects>;
  /** At least 1: so many columns; below 1: this share of them. */
  readonly fail: number;
  readonly maxRows: number;
  readonly multivariate: boolean;
  readonly seed: number;
}

const effect = (description: string, most?: number): object => ({
  ...{ type: 'number', exclusiveMinimum: 0, description },
  ...(most === undefined ? {} : { maximum: most }),
});

/** The JSON Schema of the options of `data.drift`. */
export const driftSchema = {
  type: 'object',
  properties: {
    reference: { type: 'string', description: 'the table that this one is held against' },
    columns: {
      ...{ type: 'array', items: { type: 'string' }, minItems: 1 },
      description: 'the columns to compare (all that both have)',
    },
    tests: {
      ...{ type: 'string', enum: ['default', 'all'], default: 'default' },
      description: 'one test for each column (Kolmogorov–Smirnov or chi-square), or all that there are',
    },
    alpha: {
      ...{ type: 'number', exclusiveMinimum: 0, maximum: 0.5, default: 0.05 },
      description: 'the chance of a false alarm in the whole comparison',
    },
    correction: {
      ...{ type: 'string', enum: ['holm', 'bh', 'bonferroni', 'by'], default: 'holm' },
      description: 'how p-values are adjusted for their number',
    },
    minEffect: {
      type: 'object',
      properties: {
        psi: effect('population stability index (0.1: N. Siddiqi, 2006)'),
        cliffsDelta: effect("Cliff's delta (0.147: J. Romano et al., 2006)", 1),
        cramersV: effect("Cramér's V (0.1: J. Cohen, 1988)", 1),
        missing: effect("Cohen's h of the shares of missing values (0.2: J. Cohen, 1988, section 6.2)", Math.PI),
        auc: {
          ...effect('area under the curve of the domain classifier (0.56: A. Vargha and H. D. Delaney, 2000)', 1),
          exclusiveMinimum: 0.5,
        },
      },
      additionalProperties: false,
      description:
        'how large a change has to be before it counts, by measure: psi, cliffsDelta, cramersV, missing, auc',
    },
    fail: {
      ...{ type: 'number', exclusiveMinimum: 0, default: 1 },
      description: 'drifted columns from which on the check fails: a number, or a share below 1',
    },
    maxRows: {
      ...{ type: 'integer', minimum: 100, maximum: 50_000_000, default: 5_000_000 },
      description: 'values of a column that are sorted; of more, a sample by a stable hash',
    },
    multivariate: {
      ...{ type: 'boolean', default: true },
      description: 'compare rows as a whole too: maximum mean discrepancy and a domain classifier',
    },
    seed: { type: 'integer', minimum: 0, default: 0, description: 'what random choices are made from' },
    ...tableProperties,
    referenceLabels: secondLabels('reference'),
  },
  required: ['reference'],
  additionalProperties: false,
} as const;
