import type { TableOptions } from '@holdfast/dataset';
import { tableProperties } from '../table-options.ts';

/** What a profile is asked for. */
export interface ProfileOptions extends TableOptions {
  /** How many of the most frequent values are kept of each column, at most 32. */
  readonly top?: number;
  /** Whether the digest of the rows is made. */
  readonly digest?: boolean;
  /** Whether columns are held against each other: numbers, their ranks (up to 100,000 rows), and categories. */
  readonly correlations?: boolean;
  /** Whether values of rows may be shown: most frequent ones, ends and histograms. */
  readonly values?: boolean;
}

/** The JSON Schema of the options, from which come flags, editor completion and reference pages. */
export const profileSchema = {
  type: 'object',
  properties: {
    ...tableProperties,
    top: {
      type: 'integer',
      minimum: 0,
      maximum: 32,
      default: 10,
      description: 'how many of the most frequent values are kept of each column',
    },
    digest: { type: 'boolean', default: true, description: 'make the Merkle digest of the rows' },
    correlations: {
      type: 'boolean',
      default: true,
      description: 'hold columns against each other: numbers, their ranks, categories',
    },
    values: {
      type: 'boolean',
      default: true,
      description: 'show values of rows; never of what is confidential or restricted',
    },
  },
  additionalProperties: false,
} as const;
