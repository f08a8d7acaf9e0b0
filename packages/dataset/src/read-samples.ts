import { extname } from 'node:path';
import { float32Of, labelsOf, type NumberArray, targetsOf } from './array.ts';
import { readBounded, requireSize, requireStats } from './bounded-file.ts';
import { DatasetError, shown } from './errors.ts';
import { formatOf } from './format.ts';
import { readIdx } from './idx.ts';
import { readImageFolder } from './image-folder.ts';
import { isNpy, readNpy } from './npy.ts';
import { memberOf } from './npz.ts';
import { readTable } from './read-table.ts';
import { defaultLimits, type Limits, type SampleOptions, type Samples } from './samples.ts';

/**
 * Reads samples, and their labels where there are any: NumPy's npy, and npz with the arrays `x` and `y`; IDX, gzipped or not; CSV,
 * Parquet and JSON lines; a folder with a folder of PNG images for each class. Nothing is unpickled, nothing is cut off, and no
 * value is guessed: what does not fit is an error that says where.
 * @throws DatasetError and nothing else
 * @example
 * ```ts
 * import { readSamples } from '@holdfast/dataset';
 * const { values, shape, labels, columns, classes } = await readSamples('people.csv', {
 *   label: 'income',
 *   classes: ['<=50K', '>50K'],
 *   missing: { texts: ['?'], becomes: -1 },
 * });
 * ```
 */
export async function readSamples(path: string, options: SampleOptions = {}): Promise<Samples> {
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const format = options.format ?? formatOf(path);
  requireFitting(format, options);
  requireStats(path);
  switch (format) {
    case 'images':
      return readImageFolder(path, options, limits);
    case 'csv': {
      const isTabbed = options.separator === undefined && extname(path).toLowerCase() === '.tsv';
      return readTable(path, format, isTabbed ? { ...options, separator: '\t' } : options, limits);
    }
    case 'parquet':
    case 'json-lines':
      return readTable(path, format, options, limits);
    case 'npy':
    case 'npz':
    case 'idx':
      return arraySamples(path, format, options, limits);
  }
}

/** Options that are for another kind of file: without a word they would have no effect. */
function requireFitting(format: string, options: SampleOptions): void {
  const isTable = ['csv', 'parquet', 'json-lines'].includes(format);
  const tables = ['label', 'columns', 'missing'] as const;
  const odd = [
    ...(isTable ? [] : tables),
    ...(format === 'csv' ? [] : (['names', 'separator'] as const)),
    ...(['npy', 'idx'].includes(format) ? [] : (['labels'] as const)),
    ...(format === 'images' ? (['targets'] as const) : []),
    ...(options.targets === true ? (['classes'] as const) : []),
  ].find((name) => options[name] !== undefined);
  if (odd !== undefined) {
    const what = odd === 'classes' && options.targets === true ? 'targets' : format;
    throw new DatasetError('HF_DATASET_OPTIONS', `\`${odd}\` has no meaning for \`${what}\``);
  }
}

function arraySamples(path: string, format: 'npy' | 'npz' | 'idx', options: SampleOptions, limits: Limits): Samples {
  const bytes = readBounded(path, limits);
  const array = format === 'npz' ? member(bytes, 'x', path, limits) : arrayOf(bytes, path);
  if (array === undefined) {
    throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} holds no array \`x\``, { where: path });
  }
  const [rows] = array.shape;
  if (rows === undefined) {
    throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} holds one number, not samples`, { where: path });
  }
  requireSize(path, array.shape, limits);
  const labels = labelArray(bytes, path, format, options, limits);
  if (options.targets === true) {
    const targets = labels === undefined ? {} : { targets: targetsOf(labels.array, rows, labels.path) };
    return { shape: array.shape, values: float32Of(array), ...targets };
  }
  return {
    shape: array.shape,
    values: float32Of(array),
    ...(labels === undefined
      ? {}
      : { labels: withinClasses(labelsOf(labels.array, rows, labels.path), options, path) }),
    ...(options.classes === undefined ? {} : { classes: [...options.classes] }),
  };
}

function labelArray(bytes: Uint8Array, path: string, format: string, { labels }: SampleOptions, limits: Limits) {
  if (labels !== undefined) return { array: arrayOf(readBounded(labels, limits), labels), path: labels };
  const array = format === 'npz' ? member(bytes, 'y', path, limits) : undefined;
  return array === undefined ? undefined : { array, path };
}

function arrayOf(bytes: Uint8Array, path: string): NumberArray {
  return isNpy(bytes) ? readNpy(bytes, path) : readIdx(bytes, path);
}

function member(bytes: Uint8Array, name: string, path: string, limits: Limits): NumberArray | undefined {
  const content = memberOf(bytes, name, path, limits);
  return content === undefined ? undefined : readNpy(content, path);
}

function withinClasses(labels: Int32Array, { classes }: SampleOptions, path: string): Int32Array {
  if (classes === undefined) return labels;
  const odd = labels.find((label) => label < 0 || label >= classes.length);
  if (odd === undefined) return labels;
  throw new DatasetError('HF_DATASET_LABELS', `the label \`${odd}\` is beyond the ${classes.length} classes`, {
    where: path,
  });
}
