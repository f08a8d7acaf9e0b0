import { attackNames, suiteNames } from './choices.ts';
import { presets } from './presets.ts';

/** The JSON Schema of the options, from which come flags, editor completion and reference pages. */
export const robustnessSchema = {
  type: 'object',
  properties: {
    data: {
      type: 'string',
      description: 'samples with labels: npz, IDX, CSV, Parquet, JSON lines or a folder of PNG images',
    },
    label: { type: 'string', description: 'of a table: the column with the labels' },
    columns: {
      type: 'string',
      description:
        'of a table: a YAML or JSON file that says what its columns are and what of them somebody can change',
    },
    task: {
      enum: ['classification', 'regression'],
      default: 'classification',
      description: 'whether the model tells classes apart, or gives a value, whose error then may grow',
    },
    norm: { enum: ['linf', 'l2', 'l1'], description: 'how a change is measured' },
    epsilon: { type: 'number', exclusiveMinimum: 0, description: 'the largest change, in the units of the data' },
    preset: { enum: Object.keys(presets), description: 'norm and radius of a leaderboard of RobustBench' },
    low: { type: 'number', default: 0, description: 'the smallest value that an input may have' },
    high: { type: 'number', default: 1, description: 'the largest value that an input may have' },
    suite: { enum: suiteNames, default: 'quick', description: 'the attacks' },
    attack: {
      type: 'array',
      items: { enum: attackNames },
      minItems: 1,
      uniqueItems: true,
      description: 'in place of a suite: attacks by name, one after the other',
    },
    rows: { type: 'integer', minimum: 1, default: 1000, description: 'at most so many rows' },
    seed: { type: 'string', default: '0', description: 'the same seed gives the same result on the same machine' },
    threads: { type: 'integer', minimum: 1, default: 1, description: 'processors to use' },
    mean: {
      type: 'array',
      items: { type: 'number' },
      description: 'by channel: subtracted before the model sees a sample',
    },
    deviation: {
      type: 'array',
      items: { type: 'number' },
      description: 'by channel: what a sample is divided by then',
    },
  },
  required: ['data'],
  additionalProperties: false,
} as const;
