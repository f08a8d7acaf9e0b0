import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { elementTypes } from './element-types.ts';
import { type GgufReader, TooLong } from './gguf-reader.ts';
import { ggufRules } from './rules.ts';

/** Where a tensor lies, in bytes behind the start of the data. */
interface Tensor {
  readonly name: string;
  readonly start: number;
  readonly bytes: number;
}

/** As ggml has it: `GGML_MAX_DIMS`, `GGML_MAX_NAME` with the NUL at its end. */
const maximum = { dimensions: 4, nameBytes: 63 } as const;

export function readTensors(part: Inspection, reader: GgufReader, count: number): readonly Tensor[] {
  const tensors: Tensor[] = [];
  const names = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    if (index % 1024 === 0) part.requireTime();
    const { at } = reader;
    const tensor = readTensor(reader);
    if (names.has(tensor.name)) {
      part.report(ggufRules.duplicate, { message: `the tensor ${shown(tensor.name)} is there twice`, at });
    }
    names.add(tensor.name);
    tensors.push(tensor);
  }
  return tensors;
}

function readTensor(reader: GgufReader): Tensor {
  const { at } = reader;
  const name = reader.key();
  if (Buffer.byteLength(name) > maximum.nameBytes) throw new NotUnderstood('a tensor of a name beyond 63 bytes', at);
  const dimensions = reader.u32();
  if (dimensions > maximum.dimensions)
    throw new NotUnderstood(`tensor ${shown(name)} has ${dimensions} dimensions`, at);
  const shape = Array.from({ length: dimensions }, () => reader.number('a dimension'));
  const type = reader.u32();
  const start = reader.number('an offset');
  return { name, start, bytes: bytesOf(name, shape, type, at) };
}

/** Blocks run along the first dimension. */
function bytesOf(name: string, shape: readonly number[], type: number, at: number): number {
  const element = elementTypes.get(type);
  if (element === undefined) throw new NotUnderstood(`tensor ${shown(name)} is of type ${type}, which is unknown`, at);
  const [row = 1] = shape;
  if (row % element.block !== 0) {
    throw new NotUnderstood(`tensor ${shown(name)} has rows of ${row} in blocks of ${element.block}`, at);
  }
  const count = shape.reduce((product, dimension) => product * BigInt(dimension), 1n);
  const bytes = (count / BigInt(element.block)) * BigInt(element.bytes);
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER)) throw new TooLong(`tensor ${shown(name)} of ${bytes} bytes`, at);
  return Number(bytes);
}

/**
 * Every byte behind the header belongs to one tensor, or is the zero that fills up to the next multiple of the
 * alignment. Where there are no tensors, there is no data.
 */
export function reportLayout(part: Inspection, tensors: readonly Tensor[], headerEnd: number, alignment: number): void {
  const padded = (at: number): number => Math.ceil(at / alignment) * alignment;
  const complain = (message: string, at: number): void => {
    part.report(ggufRules.layout, { message, at });
  };
  const dataStart = padded(headerEnd);
  let end = headerEnd;
  for (const { name, start, bytes } of tensors.toSorted((a, b) => a.start - b.start || a.bytes - b.bytes)) {
    const at = dataStart + start;
    if (start % alignment !== 0) complain(`tensor ${shown(name)} does not start at a multiple of ${alignment}`, at);
    else if (at < end) complain(`tensor ${shown(name)} overlaps the one before`, at);
    else if (at > padded(end)) complain(`tensor ${shown(name)} leaves ${at - end} bytes unused before it`, at);
    else if (at + bytes > part.source.size) complain(`tensor ${shown(name)} lies beyond the end of the file`, at);
    else if (holdsNoZero(part, end, at)) complain(`the padding before tensor ${shown(name)} is not zero`, end);
    else {
      end = at + bytes;
      continue;
    }
    return;
  }
  const { size } = part.source;
  if (size > padded(end)) complain(`${size - end} bytes follow the last tensor`, end);
  else if (holdsNoZero(part, end, size)) complain('the padding behind the last tensor is not zero', end);
}

/** Whether a byte of a range, which is shorter than the alignment, is anything but zero. */
function holdsNoZero(part: Inspection, from: number, to: number): boolean {
  return part.source.read(from, to - from).some((byte) => byte !== 0);
}
