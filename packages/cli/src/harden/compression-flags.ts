import type { CommandOption } from '../command.ts';
import type { Reading } from '../given-options.ts';

const option = (value: string, summary: string): CommandOption => ({ type: 'string', value, summary });

/** Flags of every command that makes a model smaller: what it is measured with. */
export const compressionFlags: Readonly<Record<string, CommandOption>> = {
  data: option('FILE', 'samples with labels: npz, IDX, CSV, Parquet, JSON lines, a folder of PNG images'),
  label: option('COLUMN', 'of a table: the column with the labels'),
  test: option('FILE', 'samples to measure the result with (default: those of --data)'),
  output: option('FILE', 'where the new model goes'),
  exclude: { ...option('NAME', 'a node or an initializer that stays as it is'), multiple: true },
  epsilon: option('NUMBER', 'measure also with attacks: the largest change, such as 0.1 or 8/255'),
  norm: option('NORM', 'how a change is measured: linf, l2 or l1'),
  low: option('NUMBER', 'the smallest value of an input (default: 0)'),
  high: option('NUMBER', 'the largest value of an input (default: 1)'),
  seed: option('TEXT', 'of the attacks (default: 0)'),
  threads: option('COUNT', 'processors (default: 1)'),
};

/** How they are read. */
export const compressionReadings: Readonly<Record<string, Reading>> = {
  ...{ data: 'text', label: 'text', test: 'text', norm: 'text', seed: 'text', exclude: 'texts' },
  ...{ epsilon: 'number', low: 'number', high: 'number', threads: 'number' },
};
