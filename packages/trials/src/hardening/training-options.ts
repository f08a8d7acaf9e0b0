import type { Ball, Bounds } from '../attacks/ball.ts';
import type { Given } from '../given.ts';
import { type ScheduleName, scheduleNames } from './schedule.ts';

/** What every training is asked for. */
export interface TrainingOptions {
  /** The file with samples and labels. */
  readonly data: string;
  /** Of a table: the column with the labels. */
  readonly label?: string;
  /** Rows that the result is measured with; the held-out ones unless given. */
  readonly test?: string;
  readonly ball: Ball;
  readonly bounds: Bounds;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly schedule: ScheduleName;
  readonly optimiser: 'adam' | 'sgd';
  /** Of `sgd`. */
  readonly momentum: number;
  /** Weight decay. */
  readonly decay: number;
  readonly average: 'none' | 'ema' | 'swa';
  /** Share of the rows that is held out. */
  readonly validation: number;
  readonly patience?: number;
  readonly fromScratch: boolean;
  readonly seed: string;
  readonly threads: number;
  readonly normalise?: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
}

/** The options of every training, as a JSON Schema has them. */
export const trainingProperties = {
  data: {
    type: 'string',
    description: 'samples with labels: npz, IDX, CSV, Parquet, JSON lines or a folder of PNG images',
  },
  label: { type: 'string', description: 'of a table: the column with the labels' },
  test: { type: 'string', description: 'samples that the result is measured with (those held out unless given)' },
  norm: { enum: ['linf', 'l2', 'l1'], description: 'how a change is measured' },
  epsilon: { type: 'number', exclusiveMinimum: 0, description: 'the largest change, in the units of the data' },
  low: { type: 'number', default: 0, description: 'the smallest value that an input may have' },
  high: { type: 'number', default: 1, description: 'the largest value that an input may have' },
  epochs: { type: 'integer', minimum: 1, default: 20, description: 'how often every sample is seen' },
  batch: { type: 'integer', minimum: 1, default: 64, description: 'samples of a step' },
  rate: { type: 'number', exclusiveMinimum: 0, default: 0.001, description: 'the highest learning rate' },
  schedule: { enum: scheduleNames, default: 'cosine', description: 'how the learning rate changes' },
  optimiser: { enum: ['adam', 'sgd'], default: 'adam', description: 'what a step is made with' },
  momentum: { type: 'number', default: 0.9, description: 'of sgd: how much of the last step goes on' },
  decay: { type: 'number', default: 0, description: 'weight decay' },
  average: { enum: ['none', 'ema', 'swa'], default: 'none', description: 'averages the weights on their way' },
  validation: { type: 'number', default: 0.1, description: 'share of the samples that is held out, to choose by' },
  patience: { type: 'integer', minimum: 1, description: 'ends behind so many epochs in which nothing got better' },
  fromScratch: { type: 'boolean', default: false, description: 'begins with weights out of nothing' },
  seed: { type: 'string', default: '0', description: 'the same seed gives the same weights on the same machine' },
  threads: { type: 'integer', minimum: 1, default: 1, description: 'processors to use' },
  mean: { type: 'array', items: { type: 'number' }, description: 'by channel: subtracted before the model' },
  deviation: { type: 'array', items: { type: 'number' }, description: 'by channel: what is divided by then' },
} as const;

/** @throws TrialsError HF_TRIALS_OPTIONS */
export function trainingOptions(given: Given): TrainingOptions {
  const [label, test, normalise] = [given.text('label'), given.text('test'), given.normalise()];
  const patience = given.has('patience') ? given.whole('patience', 1) : undefined;
  return {
    data: given.text('data') ?? given.refuse('data', 'is missing'),
    ball: given.ball(),
    bounds: given.bounds(),
    epochs: given.whole('epochs', 20),
    batch: given.whole('batch', 64),
    rate: given.above('rate', 0, 0.001),
    schedule: given.oneOf('schedule', scheduleNames, 'cosine'),
    optimiser: given.oneOf('optimiser', ['adam', 'sgd'] as const, 'adam'),
    momentum: given.between('momentum', 0, 1, 0.9),
    decay: given.between('decay', 0, 1, 0),
    average: given.oneOf('average', ['none', 'ema', 'swa'] as const, 'none'),
    validation: given.between('validation', 0, 0.9, 0.1),
    fromScratch: given.flag('fromScratch'),
    seed: given.text('seed') ?? '0',
    threads: given.whole('threads', 1),
    ...(label === undefined ? {} : { label }),
    ...(test === undefined ? {} : { test }),
    ...(patience === undefined ? {} : { patience }),
    ...(normalise === undefined ? {} : { normalise }),
  };
}
