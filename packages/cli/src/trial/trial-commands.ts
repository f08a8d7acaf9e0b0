import { attackNames } from '@holdfast/trials/robustness/choices';
import type { CommandDescription } from '../command.ts';

/** Commands that attack a model. */
export const trialCommands: readonly CommandDescription[] = [
  {
    name: 'trial robustness',
    usage: 'MODEL --data FILE --norm NORM --epsilon NUMBER | --preset NAME',
    summary: 'attack a classifier (ONNX): how often is it still right?',
    arguments: [1, 1],
    options: {
      data: {
        type: 'string',
        value: 'FILE',
        summary: 'samples with labels: npz, IDX, CSV, Parquet, JSON lines, a folder of PNG images',
      },
      epsilon: { type: 'string', value: 'NUMBER', summary: 'the largest change, such as 0.1 or 8/255' },
      norm: { type: 'string', value: 'NORM', summary: 'how a change is measured: linf, l2 or l1' },
      preset: {
        type: 'string',
        value: 'NAME',
        summary: 'norm and radius of RobustBench: cifar10-linf, cifar10-l2, cifar100-linf, imagenet-linf',
      },
      suite: {
        type: 'string',
        value: 'NAME',
        summary: 'the attacks: quick (default); standard, plus or rand (AutoAttack)',
      },
      attack: {
        type: 'string',
        value: 'NAMES',
        summary: `or these, one after the other: ${attackNames.join(', ')}`,
      },
      rows: { type: 'string', value: 'COUNT', summary: 'at most so many rows (default: 1000)' },
      label: { type: 'string', value: 'COLUMN', summary: 'of a table: the column with the labels' },
      columns: {
        type: 'string',
        value: 'FILE',
        summary: 'of a table: what its columns are and what of them somebody can change (YAML)',
      },
      task: {
        type: 'string',
        value: 'TASK',
        summary: 'classification (default), or regression: the model gives a value',
      },
      low: { type: 'string', value: 'NUMBER', summary: 'the smallest value of an input (default: 0)' },
      high: { type: 'string', value: 'NUMBER', summary: 'the largest value of an input (default: 1)' },
      mean: { type: 'string', value: 'NUMBERS', summary: 'subtracted from a sample by channel: 0.5 or 0.5,0.4,0.4' },
      deviation: { type: 'string', value: 'NUMBERS', summary: 'what a sample is divided by then' },
      seed: { type: 'string', value: 'TEXT', summary: 'the same seed, the same result (default: 0)' },
      threads: { type: 'string', value: 'COUNT', summary: 'processors (default: 1)' },
      output: {
        type: 'string',
        value: 'FOLDER',
        summary: 'write report.json, adversarial.npz, a page and, of images, a contact sheet',
      },
      shard: { type: 'string', value: 'INDEX/OF', summary: 'only a part of the rows, such as 3/8, to be merged' },
      fresh: { type: 'boolean', summary: 'begin again, also where an interrupted trial could go on' },
    },
    load: async () => import('../commands/trial-robustness.ts'),
  },
  {
    name: 'trial merge',
    usage: 'FOLDER… [--output FOLDER]',
    summary: 'put the shards of a trial together: every row exactly once',
    arguments: [1, 1000],
    options: {
      output: { type: 'string', value: 'FOLDER', summary: 'write the files of the whole trial' },
    },
    load: async () => import('../commands/trial-merge.ts'),
  },
];
