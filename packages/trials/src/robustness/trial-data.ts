import { readSamples } from '@holdfast/dataset';
import type { Samples } from '../attacks/attack.ts';
import { rowsOf } from '../attacks/rows.ts';
import { TrialsError } from '../errors.ts';
import type { RobustnessOptions } from './options.ts';

/** Samples as they stand in the file, before anything is known of the model. */
export interface TrialData {
  /** The first rows. */
  readonly samples: Samples;
  /** Of one sample. */
  readonly dims: readonly number[];
  /** Rows of the file. */
  readonly total: number;
  /** What the labels stand for, where the file says so. */
  readonly classNames?: readonly string[];
}

/**
 * Reads the first rows of a file.
 * @throws DatasetError; TrialsError HF_TRIALS_DATA without labels or rows, or with numbers outside the bounds
 */
export async function readTrialData(path: string, options: RobustnessOptions): Promise<TrialData> {
  const read = await readSamples(path, options.label === undefined ? {} : { label: options.label });
  const [total = 0, ...dims] = read.shape;
  const size = dims.reduce((product, each) => product * each, 1);
  if (read.labels === undefined) {
    throw new TrialsError('HF_TRIALS_DATA', `\`${options.data}\` has no labels`, {
      fix: 'give labels: the array `y` of an npz, the column that `label` names of a table, folders of images',
    });
  }
  const rows = Math.min(total, options.rows);
  if (rows === 0) throw new TrialsError('HF_TRIALS_DATA', `\`${options.data}\` has no rows`);
  const samples = rowsOf({ x: read.values, labels: read.labels }, [...Array(rows).keys()], size);
  requireBounds(samples.x, size, options);
  return { samples, dims, total, ...(read.classes === undefined ? {} : { classNames: read.classes }) };
}

function requireBounds(x: Float32Array, size: number, { data, bounds }: RobustnessOptions): void {
  const outside = x.findIndex((value) => !(value >= bounds.low && value <= bounds.high));
  if (outside < 0) return;
  const row = Math.floor(outside / size);
  throw new TrialsError(
    'HF_TRIALS_DATA',
    `row ${row} of \`${data}\` holds ${x[outside]}, which is not between ${bounds.low} and ${bounds.high}`,
    { fix: 'say with `low` and `high` what values an input may have' },
  );
}

/**
 * That samples are what a model takes. Dimensions of 1 may be missing or more, and an image may lie flat: its numbers lie in
 * the same order. Channels first are not channels last.
 * @throws TrialsError HF_TRIALS_DATA
 */
export function requireFit(
  { samples, dims }: TrialData,
  model: { readonly dims: readonly number[]; readonly classes: number },
  { data }: RobustnessOptions,
): void {
  const [have, want] = [dims, model.dims].map((each) => each.filter((size) => size !== 1));
  const isFlat = have?.length === 1 || want?.length === 1;
  const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
  if (String(have) !== String(want) && !(isFlat && product(dims) === product(model.dims))) {
    throw new TrialsError(
      'HF_TRIALS_DATA',
      `a sample of \`${data}\` is [${dims.join(', ')}], the model takes [${model.dims.join(', ')}]`,
    );
  }
  const odd = samples.labels.findIndex((label) => label < 0 || label >= model.classes);
  if (odd < 0) return;
  throw new TrialsError(
    'HF_TRIALS_DATA',
    `the label of row ${odd} of \`${data}\` is ${samples.labels[odd]}; the model knows classes 0 to ${model.classes - 1}`,
  );
}
