import { ByteReader } from '../../bytes/byte-reader.ts';
import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { safetensorsRules } from './rules.ts';

/** Bits of an element of each type (safetensors 0.8, `Dtype`). */
const bits: Readonly<Record<string, number>> = {
  ...{ BOOL: 8, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8 },
  ...{ I16: 16, U16: 16, F16: 16, BF16: 16, I32: 32, U32: 32, F32: 32, F64: 64, I64: 64, U64: 64, C64: 64 },
  ...{ F4: 4, F6_E2M3: 6, F6_E3M2: 6 },
};

interface Tensor {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Reads the header, and nothing of the tensors: they are numbers, and the header says that there is nothing else. */
export function scanSafetensors(part: Inspection): void {
  const reader = new ByteReader(part.source);
  const length = reader.length64();
  if (length > part.limits.textBytes) throw new NotUnderstood(`a header of ${length} bytes`, 0);
  const header = parseHeader(reader.text(length));
  const tensors = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => tensorOf(name, value));
  requireMetadata(header['__metadata__']);
  reportLayout(part, tensors, part.source.size - 8 - length);
  part.summary = `${tensors.length} tensors`;
  part.scan.progress(part.source.size);
}

function parseHeader(text: string): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(text);
    if (isRecord(header)) return header;
  } catch {}
  throw new NotUnderstood('the header is not a JSON object', 8);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** @throws NotUnderstood unless it is a tensor whose bytes are as many as its type and shape say */
function tensorOf(name: string, value: unknown): Tensor {
  const refuse = (problem: string): never => {
    throw new NotUnderstood(`tensor ${shown(name)} ${problem}`, 8);
  };
  if (!isRecord(value) || Object.keys(value).length !== 3) return refuse('is not described as one');
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(bits, dtype)) return refuse('is of an unknown type');
  if (!Array.isArray(shape) || !shape.every(isLength)) return refuse('has no shape');
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isLength)) return refuse('has no place');
  const [start = 0, end = 0] = offsets;
  const total = shape.reduce((product, dimension) => product * BigInt(dimension), BigInt(bits[dtype] ?? 0));
  if (total !== BigInt(end - start) * 8n) return refuse('has more or fewer bytes than its shape says');
  return { name, start, end };
}

function requireMetadata(metadata: unknown): void {
  if (metadata === undefined) return;
  if (isRecord(metadata) && Object.values(metadata).every((value) => typeof value === 'string')) return;
  throw new NotUnderstood('`__metadata__` is not a map of texts', 8);
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
