import type { TableOptions } from '@holdfast/dataset';
import { tableProperties } from '../table-options.ts';

/** What is looked for. */
export const detectorNames = ['labels', 'triggers', 'embedded', 'sources'] as const;
export type DetectorName = (typeof detectorNames)[number];

/** What a model takes a black and a white pixel as. */
export const pixelRanges = ['0..1', '0..255', '-1..1'] as const;
export type PixelRange = (typeof pixelRanges)[number];

export interface PoisonOptions extends TableOptions {
  /** Of a table it is demanded; of arrays, folders and files with labels it says what holds them. */
  readonly label?: string;
  readonly source?: string;
  readonly columns?: readonly string[];
  readonly leaveOut?: readonly string[];
  readonly detectors: readonly DetectorName[];
  readonly model?: string;
  readonly embedding?: string;
  readonly pictures?: string;
  readonly pixelRange?: PixelRange;
  readonly pixelMean?: readonly number[];
  readonly pixelDeviation?: readonly number[];
  readonly alpha: number;
  readonly labelNoise: number;
  readonly maxShare: number;
  readonly rows: number;
  readonly seed: string;
}

const names = { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true } as const;

const eachChannel = { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: 4 } as const;

/** The JSON Schema of the options of `data.poison`. */
export const poisonSchema = {
  type: 'object',
  properties: {
    label: {
      type: 'string',
      description:
        'the column with the labels; of npz the array (y), of pictures with a table of labels its column (label)',
    },
    source: { type: 'string', description: 'the column that says where a row came from' },
    columns: { ...names, description: 'the columns that are looked at (all that do not tell rows apart)' },
    leaveOut: { ...names, description: 'columns that are not looked at' },
    detectors: {
      type: 'array',
      items: { type: 'string', enum: [...detectorNames] },
      minItems: 1,
      uniqueItems: true,
      default: [...detectorNames],
      description: 'what is looked for: flipped labels, triggers, groups in embeddings, sources that mislead',
    },
    model: { type: 'string', description: 'a model (ONNX) that gives an embedding of each row, from its numbers' },
    embedding: { type: 'string', description: 'the output of the model that is the embedding (its first)' },
    pictures: {
      ...{ type: 'string', pattern: '^([1-9][0-9]{0,3}x)?[1-9][0-9]{0,3}x[1-9][0-9]{0,3}$' },
      description: 'that the columns of numbers are the pixels of a picture, such as 8x8 (height, width) or 3x32x32',
    },
    pixelRange: {
      ...{ type: 'string', enum: [...pixelRanges] },
      description: 'what the model takes black and white as (what its metadata say, else 0..1)',
    },
    pixelMean: {
      ...eachChannel,
      description: 'what is taken off each colour before the model sees it: [0.485,0.456,0.406]',
    },
    pixelDeviation: {
      ...{ ...eachChannel, items: { type: 'number', exclusiveMinimum: 0 } },
      description: 'what each colour is divided by then: [0.229,0.224,0.225]',
    },
    alpha: {
      ...{ type: 'number', exclusiveMinimum: 0, maximum: 0.5, default: 0.01 },
      description: 'the chance of any alarm about clean data',
    },
    labelNoise: {
      ...{ type: 'number', minimum: 0, maximum: 0.5, default: 0.005 },
      description: 'the share of labels that may contradict all rows like them',
    },
    maxShare: {
      ...{ type: 'number', minimum: 0, maximum: 1, default: 0.01 },
      description: 'the share of suspect rows above which the check fails; fewer warn',
    },
    rows: {
      ...{ type: 'integer', minimum: 1, maximum: 1_000_000, default: 100_000 },
      description: 'rows that are looked at; of a table with more, what is left makes the verdict unknown',
    },
    seed: { type: 'string', maxLength: 200, default: '0', description: 'the same seed gives the same result' },
    ...tableProperties,
  },
  additionalProperties: false,
} as const;
