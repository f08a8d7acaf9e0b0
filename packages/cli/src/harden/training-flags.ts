import type { CommandOption } from '../command.ts';
import type { Reading } from '../given-options.ts';

const option = (value: string, summary: string): CommandOption => ({ type: 'string', value, summary });

/** Flags of every command that trains. */
export const trainingFlags: Readonly<Record<string, CommandOption>> = {
  data: option('FILE', 'samples with labels: npz, IDX, CSV, Parquet, JSON lines, a folder of PNG images'),
  label: option('COLUMN', 'of a table: the column with the labels'),
  test: option('FILE', 'samples to measure the result with (default: those held out)'),
  output: option('FILE', 'where the new model goes'),
  epsilon: option('NUMBER', 'the largest change, such as 0.1 or 8/255'),
  norm: option('NORM', 'how a change is measured: linf, l2 or l1'),
  epochs: option('COUNT', 'how often every sample is seen (default: 20)'),
  batch: option('COUNT', 'samples of a step (default: 64)'),
  rate: option('NUMBER', 'the highest learning rate (default: 0.001)'),
  schedule: option('NAME', 'constant, step, cosine (default), linear, cyclic or one-cycle'),
  optimiser: option('NAME', 'adam (default) or sgd'),
  momentum: option('NUMBER', 'of sgd: how much of the last step goes on (default: 0.9)'),
  decay: option('NUMBER', 'weight decay (default: 0)'),
  average: option('NAME', 'averages the weights on their way: none (default), ema or swa'),
  validation: option('SHARE', 'of the samples: held out, to choose by (default: 0.1)'),
  patience: option('COUNT', 'end behind so many epochs in which nothing got better'),
  'from-scratch': { type: 'boolean', summary: 'begin with weights out of nothing' },
  resume: { type: 'boolean', summary: 'go on where it was interrupted' },
  low: option('NUMBER', 'the smallest value of an input (default: 0)'),
  high: option('NUMBER', 'the largest value of an input (default: 1)'),
  mean: option('NUMBERS', 'subtracted from a sample by channel: 0.5 or 0.5,0.4,0.4'),
  deviation: option('NUMBERS', 'what a sample is divided by then'),
  seed: option('TEXT', 'the same seed, the same weights (default: 0)'),
  threads: option('COUNT', 'processors (default: 1)'),
};

/** How they are read. */
export const trainingReadings: Readonly<Record<string, Reading>> = {
  ...{ data: 'text', label: 'text', test: 'text', norm: 'text', schedule: 'text', optimiser: 'text' },
  ...{ average: 'text', seed: 'text', 'from-scratch': 'flag', mean: 'numbers', deviation: 'numbers' },
  ...{ epsilon: 'number', low: 'number', high: 'number', epochs: 'number', batch: 'number', rate: 'number' },
  ...{ momentum: 'number', decay: 'number', validation: 'number', patience: 'number', threads: 'number' },
};
