import type { Threat } from '../attacks/attack.ts';
import { Given } from '../given.ts';
import type { PruneOptions } from './prune.ts';
import type { QuantiseOptions } from './quantise.ts';

/** What pruning and quantising are measured with. */
export interface CompressionOptions {
  readonly data?: string;
  readonly label?: string;
  /** Samples that the result is measured with; those of `data` unless given. */
  readonly test?: string;
  /** Attacks that it is measured with; none unless an `epsilon` is given. */
  readonly threat?: Threat;
  readonly seed: string;
  readonly threads: number;
}

/** Options of pruning and quantising, as a JSON Schema has them. */
export const compressionProperties = {
  data: {
    type: 'string',
    description: 'samples with labels: npz, IDX, CSV, Parquet, JSON lines or a folder of PNG images',
  },
  label: { type: 'string', description: 'of a table: the column with the labels' },
  test: { type: 'string', description: 'samples that the result is measured with (those of `data` unless given)' },
  exclude: { type: 'array', items: { type: 'string' }, description: 'nodes or initializers that stay as they are' },
  norm: { enum: ['linf', 'l2', 'l1'], description: 'how a change is measured' },
  epsilon: { type: 'number', exclusiveMinimum: 0, description: 'measure also with attacks: the largest change' },
  low: { type: 'number', default: 0, description: 'the smallest value that an input may have' },
  high: { type: 'number', default: 1, description: 'the largest value that an input may have' },
  seed: { type: 'string', default: '0', description: 'of the attacks' },
  threads: { type: 'integer', minimum: 1, default: 1, description: 'processors to use' },
} as const;

export const pruneSchema = {
  type: 'object',
  properties: {
    ...compressionProperties,
    share: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1, default: 0.5, description: 'how much is cut' },
    structure: { enum: ['weights', 'channels'], default: 'weights', description: 'what is cut' },
    scope: { enum: ['global', 'layer'], default: 'global', description: 'what is compared with each other' },
    sparse: { type: 'boolean', default: false, description: 'store what was cut sparsely' },
  },
  additionalProperties: false,
} as const;

export const quantiseSchema = {
  type: 'object',
  properties: {
    ...compressionProperties,
    calibration: {
      enum: ['min-max', 'percentile', 'mse', 'entropy'],
      default: 'min-max',
      description: 'how ranges are chosen',
    },
    percentile: { type: 'number', default: 99.99, description: 'of `percentile`: values within the range, in %' },
    activations: { enum: ['uint8', 'int8'], default: 'uint8', description: 'type of what flows' },
    weights: { enum: ['per-channel', 'per-tensor'], default: 'per-channel', description: 'scales of weights' },
    weightBits: { enum: [7, 8], default: 8, description: 'bits of a weight' },
    rows: { type: 'integer', minimum: 1, default: 512, description: 'samples of the calibration' },
  },
  required: ['data'],
  additionalProperties: false,
} as const;

/** @throws TrialsError HF_TRIALS_OPTIONS */
export function pruneOptions(
  values: Readonly<Record<string, unknown>>,
): CompressionOptions & PruneOptions & { readonly sparse: boolean } {
  const given = new Given(values, pruneSchema.properties);
  const share = given.above('share', 0, 0.5);
  if (share >= 1) given.refuse('share', 'is not below 1');
  const structure = given.oneOf('structure', ['weights', 'channels'] as const, 'weights');
  const sparse = given.flag('sparse');
  if (sparse && structure === 'channels') given.refuse('sparse', 'has no effect where whole channels go');
  return {
    ...compressionOptions(given),
    ...{ share, structure, sparse, exclude: given.texts('exclude') },
    scope: given.oneOf('scope', ['global', 'layer'] as const, 'global'),
  };
}

/** @throws TrialsError HF_TRIALS_OPTIONS */
export function quantiseOptions(
  values: Readonly<Record<string, unknown>>,
): CompressionOptions & QuantiseOptions & { readonly data: string; readonly rows: number } {
  const given = new Given(values, quantiseSchema.properties);
  const bits = given.whole('weightBits', 8);
  const weightBits = bits === 7 || bits === 8 ? bits : given.refuse('weightBits', 'is neither 7 nor 8');
  const percentile = given.above('percentile', 50, 99.99);
  if (percentile > 100) given.refuse('percentile', 'is above 100');
  return {
    ...compressionOptions(given),
    data: given.text('data') ?? given.refuse('data', 'is missing'),
    calibration: given.oneOf('calibration', ['min-max', 'percentile', 'mse', 'entropy'] as const, 'min-max'),
    activations: given.oneOf('activations', ['uint8', 'int8'] as const, 'uint8'),
    weights: given.oneOf('weights', ['per-channel', 'per-tensor'] as const, 'per-channel'),
    ...{ percentile, weightBits, rows: given.whole('rows', 512), exclude: given.texts('exclude') },
  };
}

function compressionOptions(given: Given): CompressionOptions {
  const [data, label, test] = [given.text('data'), given.text('label'), given.text('test')];
  const bounds = given.bounds();
  if (given.has('norm') && !given.has('epsilon')) given.refuse('norm', 'has no meaning without `epsilon`');
  return {
    ...(data === undefined ? {} : { data }),
    ...(label === undefined ? {} : { label }),
    ...(test === undefined ? {} : { test }),
    ...(given.has('epsilon') ? { threat: { ball: given.ball(), bounds } } : {}),
    seed: given.text('seed') ?? '0',
    threads: given.whole('threads', 1),
  };
}
