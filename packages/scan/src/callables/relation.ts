import type { Shape } from './judge.ts';
import { dtypeOf, type NumpyType } from './numpy-type.ts';
import type { Relation } from './pattern.ts';

/** Items of an array of objects of which only the first are seen: 512 MiB of references. */
const unseenItems = 2 ** 26;
/** Elements of a tensor whose storage is not known. */
const unknownElements = 2 ** 36;

/**
 * Whether what the patterns cannot say holds.
 *
 * @param parts the arguments, or the items of the state
 * @param instance whose state it is
 */
export function holds(relation: Relation, parts: readonly Shape[], instance?: Shape): boolean {
  switch (relation) {
    case 'array is complete':
      return isComplete(parts[1], parts[2], parts[4]);
    case 'buffer is complete':
      return isComplete(parts[2], parts[1], parts[0]);
    case 'scalar is complete':
      return byteLength(parts[1]) === dtypeOf(parts[0])?.size;
    case 'type is a copy':
      return isFlag(parts[1], false) && isFlag(parts[2], true);
    case 'type is itself':
      return isItself(parts, instance);
    case 'tensor of a type':
      return parts[2]?.kind === 'tuple' && isWithinStorage(parts[2].items);
    case 'tensor within storage':
      return isWithinStorage(parts);
  }
}

/** numpy checks it, too; before that it takes the memory that the shape asks for. */
function isComplete(dimensions: Shape | undefined, type: Shape | undefined, content: Shape | undefined): boolean {
  const count = product(numbersOf(dimensions));
  const dtype = dtypeOf(type);
  if (count === undefined || dtype === undefined) return false;
  if (!dtype.objects) return dtype.size === 0 ? count <= 2 ** 20 : byteLength(content) === count * dtype.size;
  if (content?.kind !== 'list') return false;
  return content.more ? count >= content.items.length && count <= unseenItems : count === content.items.length;
}

/** Flags that make numpy take bytes for references are what turns an array into an exploit. */
function isItself(state: readonly Shape[], instance: Shape | undefined): boolean {
  const type = dtypeOf(instance);
  const [, , , names, fields, size, , flags] = state;
  const bits = numberOf(flags);
  if (type === undefined || bits === undefined) return false;
  if (numberOf(size) !== (type.extended ? type.size : -1)) return false;
  if (type.objects) return bits === 63 && fields?.kind === 'none';
  // NEEDS_INIT, NEEDS_PYAPI, ALIGNED_STRUCT: none of them is about references.
  if ((bits & ~(8 | 16 | 128)) !== 0) return false;
  if (fields?.kind === 'none') return names?.kind === 'none';
  return type.record && fields?.kind === 'dict' && !fields.more && fieldsLieWithin(fields.entries, names, type);
}

function fieldsLieWithin(
  entries: readonly (readonly [Shape, Shape])[],
  names: Shape | undefined,
  whole: NumpyType,
): boolean {
  if (names?.kind !== 'tuple' || names.more || names.items.length !== entries.length) return false;
  const known = new Set(entries.map(([key]) => (key.kind === 'str' ? key.value : undefined)));
  if (!names.items.every((name) => name.kind === 'str' && known.has(name.value))) return false;
  return entries.every(([, field]) => {
    const [type, offset] = field.kind === 'tuple' ? field.items : [];
    const at = numberOf(offset);
    const size = dtypeOf(type)?.size;
    return at !== undefined && at >= 0 && size !== undefined && at + size <= whole.size;
  });
}

/** `torch.Tensor.set_` makes a storage larger when it is too small for the tensor. */
function isWithinStorage([storage, offset, sizes, strides]: readonly Shape[]): boolean {
  const size = numbersOf(sizes);
  const stride = numbersOf(strides);
  const start = numberOf(offset);
  if (size === undefined || stride === undefined || size.length !== stride.length) return false;
  if (start === undefined || start < 0 || stride.some((step) => step < 0)) return false;
  const count = product(size);
  if (count === undefined) return false;
  const end = count === 0 ? 0 : start + size.reduce((sum, one, index) => sum + (one - 1) * (stride[index] ?? 0), 1);
  const elements = storage?.kind === 'persistent' ? storage.elements : undefined;
  return elements === undefined ? end <= unknownElements : end <= elements;
}

function isFlag(shape: Shape | undefined, wanted: boolean): boolean {
  return (shape?.kind === 'bool' && shape.value === wanted) || numberOf(shape) === Number(wanted);
}

function numberOf(shape: Shape | undefined): number | undefined {
  if (shape?.kind !== 'int') return undefined;
  const value = Number(shape.value);
  return Number.isSafeInteger(value) ? value : undefined;
}

function numbersOf(shape: Shape | undefined): readonly number[] | undefined {
  if (shape?.kind === 'int') return [Number(shape.value)];
  const isTorchSize = shape?.kind === 'instance' && shape.of === 'torch.Size';
  const list = isTorchSize ? shape.holds?.[0] : shape;
  if (list === undefined || (list.kind !== 'tuple' && list.kind !== 'list') || list.more) return undefined;
  const numbers = list.items.map(numberOf);
  return numbers.every((one) => one !== undefined) ? numbers : undefined;
}

function product(numbers: readonly number[] | undefined): number | undefined {
  if (numbers === undefined || numbers.length > 64 || numbers.some((one) => one < 0)) return undefined;
  const result = numbers.reduce((whole, one) => whole * one, 1);
  return Number.isSafeInteger(result) ? result : undefined;
}

function byteLength(shape: Shape | undefined): number | undefined {
  if (shape?.kind === 'bytes') return shape.length;
  if (shape?.kind === 'instance' && shape.of === 'builtins.bytearray') return byteLength(shape.holds?.[0]);
  return undefined;
}
