import type { Datatype, Elements } from '../inference.ts';
import type { JsonReader } from './json-reader.ts';
import { holdsArrays, type RowElements, readRow } from './row-elements.ts';
import { typedElements } from './typed-elements.ts';

export interface ShapedTensor {
  readonly data: Elements;
  readonly isFlat: boolean;
}

/**
 * Reads the data of a tensor whose datatype and shape are known: one array in row-major order, or arrays in each other as the shape has it.
 *
 * @param size the product of `shape`, within the limits
 * @throws GatewayError HF_GATEWAY_MALFORMED when data and shape do not agree
 */
export function readShapedTensor(
  reader: JsonReader,
  { datatype, shape, size }: { readonly datatype: Datatype; readonly shape: readonly number[]; readonly size: number },
): ShapedTensor {
  if (reader.peek() !== 0x5b) throw reader.wrong('`data` is an array');
  // An element takes two bytes at least: nothing is allocated for what cannot be there.
  if (size > (reader.bytes.length - reader.at) / 2) throw tooFew(reader);
  const elements = typedElements(datatype, size);
  const isFlat = shape.length < 2 || holdsArrays(reader) !== true;
  if (isFlat) {
    if (readRow(reader, elements) !== size) throw tooFew(reader);
  } else readLevel(reader, elements, shape, 0);
  return { data: elements.finish(), isFlat };
}

function readLevel(reader: JsonReader, elements: RowElements, shape: readonly number[], level: number): void {
  let length = 0;
  if (level === shape.length - 1) length = readRow(reader, elements);
  else {
    reader.openArray();
    while (reader.nextItem()) {
      readLevel(reader, elements, shape, level + 1);
      length += 1;
    }
  }
  if (length !== shape[level]) throw reader.wrong('`data` is not nested as `shape` says');
}

const tooFew = (reader: JsonReader): Error => reader.wrong('there are fewer elements than `shape` says');
