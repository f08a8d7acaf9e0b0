import { ByteReader } from '../../bytes/byte-reader.ts';
import { type ByteSource, NotUnderstood } from '../../bytes/source.ts';
import { type ElementType, elementTypeOf } from './element-type.ts';
import { type Literal, literalOf } from './literal.ts';

/** Longer headers NumPy itself refuses, unless it may unpickle (`numpy.lib.format`, `_MAX_HEADER_SIZE`). */
const longestHeader = 2 ** 20;

/** What the header of an `.npy` file says. */
export interface Header {
  readonly element: ElementType;
  /** Elements. */
  readonly count: bigint;
  readonly shape: readonly bigint[];
  /** Offset of the data. */
  readonly data: number;
}

/** https://numpy.org/doc/2.1/reference/generated/numpy.lib.format.html, versions 1.0 to 3.0. @throws NotUnderstood */
export function headerOf(source: ByteSource): Header {
  const reader = new ByteReader(source, 6);
  const [major, minor] = [reader.u8(), reader.u8()];
  if (major < 1 || major > 3 || minor !== 0) throw new NotUnderstood(`version ${major}.${minor} of npy`, 6);
  const length = major === 1 ? reader.u16() : reader.u32();
  if (length > longestHeader) throw new NotUnderstood(`a header of ${length} bytes`, 8);
  const start = reader.at;
  const text = major === 3 ? reader.text(length) : Buffer.from(reader.bytes(length)).toString('latin1');
  const header = literalOf(text);
  const fields = new Map(header.kind === 'dict' ? header.entries : []);
  const [descr, order, shape] = ['descr', 'fortran_order', 'shape'].map((name) => fields.get(name));
  const entries = header.kind === 'dict' ? header.entries.length : 0;
  if (descr === undefined || shape === undefined || entries !== 3 || order?.kind !== 'constant') {
    throw new NotUnderstood('the header is not that of an array', start);
  }
  const sizes = sizesOf(shape);
  const count = sizes.reduce((product, size) => product * size, 1n);
  return { element: typeOf(descr, 0), count, shape: sizes, data: reader.at };
}

function sizesOf(shape: Literal): readonly bigint[] {
  const items = shape.kind === 'tuple' ? shape.items : undefined;
  if (items === undefined || items.length > 64) throw new NotUnderstood('an array without a shape');
  return items.map((item) => {
    if (item.kind !== 'int' || item.value < 0n || item.value > 2n ** 62n)
      throw new NotUnderstood('an array without a shape');
    return item.value;
  });
}

/** A type is a text, a list of fields, or a type with the shape of a subarray. */
function typeOf(literal: Literal, depth: number): ElementType {
  const type = literal.kind === 'text' ? elementTypeOf(literal.value) : undefined;
  if (type !== undefined) return type;
  if (depth > 8) throw new NotUnderstood('a type that is too deep');
  if (literal.kind === 'list') return sumOf(literal.items.map((field) => fieldOf(field, depth + 1)));
  if (literal.kind === 'tuple' && literal.items.length === 2)
    return fieldOf({ kind: 'tuple', items: [literal, ...literal.items] }, depth);
  throw new NotUnderstood('an array of an unknown type');
}

function sumOf(types: readonly ElementType[]): ElementType {
  let bytes = 0;
  for (const type of types) {
    if (type === 'object') return type;
    bytes += type.bytes;
  }
  return { bytes };
}

/** (name, type) or (name, type, shape) */
function fieldOf(field: Literal, depth: number): ElementType {
  const items = field.kind === 'tuple' ? field.items : [];
  const [, descr, shape] = items;
  if (descr === undefined || items.length > 3) throw new NotUnderstood('a field without a type');
  const type = typeOf(descr, depth + 1);
  if (type === 'object' || shape === undefined) return type;
  const sizes = shape.kind === 'int' ? [shape.value] : sizesOf(shape);
  const count = sizes.reduce((product, size) => product * size, 1n);
  if (count > 2n ** 40n || count < 0n) throw new NotUnderstood('a field that is too large');
  return { bytes: type.bytes * Number(count) };
}
