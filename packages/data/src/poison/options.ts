import type { TableOptions } from '@holdfast/dataset';
import { tableProperties } from '../table-options.ts';

/** What is looked for. */
export const detectorNames = ['labels', 'triggers', 'embedded', 'sources'] as const;
export type DetectorName = (typeof detectorNames)[number];

export interface PoisonOptions extends TableOptions {
  readonly label: string;
  readonly source?: string;
  readonly columns?: readonly string[];
  readonly leaveOut?: readonly string[];
  readonly detectors: readonly DetectorName[];
  readonly model?: string;
  readonly embedding?: string;
  readonly pictures?: string;
  readonly alpha: number;
  readonly labelNoise: number;
  readonly maxShare: number;
  readonly rows: number;
  readonly seed: string;
}

const names = { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true } as const;

/** The JSON Schema of the options of `data.poison`. */
export const poisonSchema = {
  type: 'object',
  properties: {
    label: { type: 'string', description: 'the column with the labels' },
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
  required: ['label'],
  additionalProperties: false,
} as const;
