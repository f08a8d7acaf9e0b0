import { readSamples } from '@holdfast/dataset';
import type { Samples } from '../attacks/attack.ts';
import type { Bounds } from '../attacks/ball.ts';
import { TrialsError } from '../errors.ts';

/** What samples have to fit. */
export interface SampleDemand {
  /** Numbers of a sample. */
  readonly size: number;
  readonly classes: number;
  readonly bounds: Bounds;
  /** Of a table: the column with the labels. */
  readonly label?: string | undefined;
}

/**
 * All samples of a file or a folder, in memory: 4 bytes for each number.
 * @param name what the file is called in errors
 * @throws DatasetError; TrialsError HF_TRIALS_DATA
 */
export async function trainingSamples(path: string, name: string, demand: SampleDemand): Promise<Samples> {
  const { shape, values, labels } = await readSamples(path, demand.label === undefined ? {} : { label: demand.label });
  const [rows = 0, ...dims] = shape;
  const size = dims.reduce((product, each) => product * each, 1);
  if (size !== demand.size) refuse(`a sample of \`${name}\` has ${size} numbers, the model takes ${demand.size}`);
  if (labels === undefined) return refuse(`\`${name}\` has no labels`);
  if (rows < 2) refuse(`\`${name}\` has ${rows} rows`);
  const odd = labels.findIndex((label) => label < 0 || label >= demand.classes);
  if (odd >= 0) {
    refuse(`the label of row ${odd} is ${labels[odd]}; the model knows classes 0 to ${demand.classes - 1}`);
  }
  requireBounds(values, name, demand);
  return { x: values, labels };
}

function requireBounds(x: Float32Array, name: string, { size, bounds }: SampleDemand): void {
  const at = x.findIndex((value) => !(value >= bounds.low && value <= bounds.high));
  if (at < 0) return;
  const range = `between ${bounds.low} and ${bounds.high}`;
  throw new TrialsError('HF_TRIALS_DATA', `row ${Math.floor(at / size)} of \`${name}\` holds ${x[at]}, not ${range}`, {
    fix: 'say with `low` and `high` what values an input may have',
  });
}

function refuse(message: string): never {
  throw new TrialsError('HF_TRIALS_DATA', message);
}
