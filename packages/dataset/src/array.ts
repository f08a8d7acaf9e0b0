import { DatasetError, shown } from './errors.ts';

/** An array as a file holds it: numbers in a typed array, row-major. */
export interface NumberArray {
  readonly shape: number[];
  /** An element of it, as a float64; 64-bit integers beyond 2^53 lose their last digits. */
  readonly at: (index: number) => number;
  readonly length: number;
  /** What an element is in the file. */
  readonly element: Element;
  /** Of elements of 64 bits that are whole numbers: the very one. */
  readonly wholeAt?: (index: number) => bigint;
  /** The bytes of some elements as they stand in the file, row-major. */
  readonly bytesOf: (from: number, count: number) => Uint8Array;
}

export type Element = 'boolean' | 'integer' | 'unsigned' | 'single' | 'double';

/** The numbers of an array, rounded to float32. */
export function float32Of({ at, length }: NumberArray): Float32Array {
  const values = new Float32Array(length);
  for (let index = 0; index < length; index += 1) values[index] = at(index);
  return values;
}

/**
 * The numbers of an array as labels: whole, and one a sample.
 * @throws DatasetError HF_DATASET_LABELS
 */
export function labelsOf(array: NumberArray, rows: number, path: string): Int32Array {
  // A column of labels, as scikit-learn and Keras write it, is as good as a row.
  if (array.shape[0] !== rows || array.length !== rows) {
    refuse(`there are ${rows} samples, and labels of the shape [${array.shape.join(', ')}]`, path);
  }
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const value = array.at(row);
    labels[row] = value;
    if (labels[row] !== value) refuse(`the label \`${value}\` of sample ${row} is not a whole number of 32 bits`, path);
  }
  return labels;
}

/**
 * The numbers of an array as values that are right: finite, and one a sample.
 * @throws DatasetError HF_DATASET_LABELS
 */
export function targetsOf(array: NumberArray, rows: number, path: string): Float32Array {
  if (array.shape[0] !== rows || array.length !== rows) {
    refuse(`there are ${rows} samples, and values of the shape [${array.shape.join(', ')}]`, path);
  }
  const targets = float32Of(array);
  const odd = targets.findIndex((value) => !Number.isFinite(value));
  return odd < 0 ? targets : refuse(`the value of sample ${odd} is \`${array.at(odd)}\``, path);
}

function refuse(message: string, path: string): never {
  throw new DatasetError('HF_DATASET_LABELS', `${message}, in ${shown(path)}`, { where: path });
}
