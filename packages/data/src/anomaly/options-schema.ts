import { secondLabels, tableProperties } from '../table-options.ts';

const names = { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true } as const;
const share = { type: 'number', minimum: 0, maximum: 1 } as const;

/** The JSON Schema of the options, from which come flags, editor completion and reference pages. */
export const anomalySchema = {
  type: 'object',
  properties: {
    label: { type: 'string', description: 'the column with the labels' },
    against: {
      type: 'string',
      description:
        'a table that is to share no row with this one, and whose ranges are those of a sound one: the training data of a test',
    },
    columns: { ...names, description: 'the columns that are compared (all)' },
    text: { ...names, description: 'columns of documents (texts of 50 characters and more on average)' },
    threshold: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.8,
      description: 'the Jaccard similarity from which two rows or texts are nearly the same',
    },
    shingles: { enum: ['words', 'characters'], default: 'words', description: 'what texts are compared by' },
    shingleSize: { type: 'integer', minimum: 1, maximum: 50, default: 3, description: 'how many of them in a row' },
    rows: { type: 'integer', minimum: 1, default: 200000, description: 'rows that are scored for being outliers' },
    neighbours: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 5,
      description: 'the neighbour whose distance counts',
    },
    top: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      default: 10,
      description: 'without `against`: rows named as farthest out',
    },
    falseAlarms: {
      ...share,
      exclusiveMinimum: 0,
      default: 0.001,
      description: 'the share of rows like those of `against` that may be named as outliers',
    },
    seed: { type: 'string', default: '0', description: 'the same seed gives the same result' },
    maxDuplicates: { ...share, description: 'share of rows that may repeat an earlier one; more fails (any warns)' },
    maxNearDuplicates: { ...share, description: 'share of rows that may have a near twin; more fails (any warns)' },
    maxLeakage: { ...share, description: 'share of rows that may stand in `against`; more fails (any fails)' },
    maxNearLeakage: { ...share, description: 'share that may stand there nearly; more fails (any warns)' },
    maxConflicts: {
      ...share,
      description: 'share of rows with a label that an equal row contradicts; more fails (any warns)',
    },
    maxTargetSkill: {
      ...share,
      description:
        'share of the mistakes of always guessing the commonest label that one column alone may avoid; more fails (0.95 warns)',
    },
    maxOutOfRange: {
      ...share,
      description: 'share of values of a column beyond those of `against`; more fails (any warns)',
    },
    maxOutliers: {
      ...share,
      description: 'share of rows far from those of `against`; more fails (more than `falseAlarms` explains warns)',
    },
    ...tableProperties,
    againstLabels: secondLabels('table of `against`'),
  },
  additionalProperties: false,
} as const;
