import { ByteReader } from '../../bytes/byte-reader.ts';
import { NotUnderstood, PartSource } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { isObject, type Json, readEntries } from '../../json/json-tree.ts';
import { safetensorsRules } from './rules.ts';

/** Bytes of a header, and tensors: the reference implementation's bound, and far more than any model has. */
const maximum = { header: 100_000_000, tensors: 500_000 } as const;

/** Bits of an element of each type (safetensors 0.8, `Dtype`). */
const bits: ReadonlyMap<Json | undefined, number> = new Map(
  Object.entries({
    ...{ BOOL: 8, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8 },
    ...{ I16: 16, U16: 16, F16: 16, BF16: 16, I32: 32, U32: 32, F32: 32, F64: 64, I64: 64, U64: 64, C64: 64 },
    ...{ F4: 4, F6_E2M3: 6, F6_E3M2: 6 },
  }),
);

interface Tensor {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Reads the header, and nothing of the tensors: they are numbers, and the header says that there is nothing else. */
export function scanSafetensors(part: Inspection): void {
  const length = new ByteReader(part.source).length64();
  if (length > maximum.header) throw new NotUnderstood(`a header of ${length} bytes: no library reads it`, 0);
  const tensors = readHeader(part, length);
  reportLayout(part, tensors, part.source.size - 8 - length);
  part.summary = tensors.length === 1 ? '1 tensor' : `${tensors.length} tensors`;
  part.scan.progress(part.source.size);
}

function readHeader(part: Inspection, length: number): Tensor[] {
  const tensors: Tensor[] = [];
  const end = readEntries(
    new PartSource(part.source, 8, length),
    {
      entry: (name, value, at) => {
        if (tensors.length % 1024 === 0) part.requireTime();
        if (name === '__metadata__') requireMetadata(value, at + 8);
        else tensors.push(tensorOf(name, value, at + 8));
        if (tensors.length > maximum.tensors) throw new NotUnderstood(`more than ${maximum.tensors} tensors`, at + 8);
      },
      duplicate: (path, at) => {
        const message = `the header names ${shown(path.join(' › '))} twice: readers disagree about which one counts`;
        part.report(safetensorsRules.duplicate, { message, at: at + 8 });
      },
    },
    { depth: 4, values: maximum.tensors * 20 },
  );
  if (end !== length) throw new NotUnderstood('something follows the header', end + 8);
  return tensors;
}

function isLength(value: Json): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** @throws NotUnderstood unless it is a tensor whose bytes are as many as its type and shape say */
function tensorOf(name: string, value: Json, at: number): Tensor {
  const refuse = (problem: string): never => {
    throw new NotUnderstood(`tensor ${shown(name)} ${problem}`, at);
  };
  if (!isObject(value) || value.size !== 3) return refuse('is not described as one');
  const [width, shape, offsets] = [bits.get(value.get('dtype')), value.get('shape'), value.get('data_offsets')];
  if (width === undefined) return refuse('is of an unknown type');
  if (!Array.isArray(shape) || shape.length > 64 || !shape.every(isLength)) return refuse('has no shape');
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isLength)) return refuse('has no place');
  const [start = 0, end = 0] = offsets;
  const total = shape.reduce<bigint>((product, dimension) => product * BigInt(dimension), BigInt(width));
  if (total !== BigInt(end - start) * 8n) return refuse('has more or fewer bytes than its shape says');
  return { name, start, end };
}

function requireMetadata(metadata: Json, at: number): void {
  if (isObject(metadata) && [...metadata.values()].every((value) => typeof value === 'string')) return;
  throw new NotUnderstood('`__metadata__` is not a map of texts', at);
}

/** Every byte belongs to one tensor: nothing hides between them or behind the last. */
function reportLayout(part: Inspection, tensors: readonly Tensor[], dataBytes: number): void {
  let at = 0;
  for (const { name, start, end } of tensors.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== at) {
      const problem = start < at ? 'overlaps the one before' : `leaves ${start - at} bytes unused before it`;
      part.report(safetensorsRules.layout, { message: `tensor ${shown(name)} ${problem}`, within: name });
      return;
    }
    at = end;
  }
  if (at === dataBytes) return;
  const problem = at < dataBytes ? `${dataBytes - at} bytes follow the last tensor` : 'the last tensor is cut short';
  part.report(safetensorsRules.layout, { message: problem });
}
