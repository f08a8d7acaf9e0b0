import { type ByteSource, NotUnderstood } from '../../bytes/source.ts';

/** One field of a message, where it lies; https://protobuf.dev/programming-guides/encoding/ */
export interface Field {
  readonly number: number;
  /** `varint` with its value; `bytes` from `start` to `end`; numbers of 4 and 8 bytes the same way. */
  readonly wire: 'varint' | 'fixed64' | 'bytes' | 'fixed32';
  /** Of a varint; beyond 2^53 it is not exact. */
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

const wires = ['varint', 'fixed64', 'bytes', undefined, undefined, 'fixed32'] as const;

/**
 * The fields of a message between two offsets, one after the other: what is inside of them is not read.
 *
 * @throws NotUnderstood for what is no message
 */
export function* fieldsOf(source: ByteSource, start = 0, end: number = source.size): Generator<Field> {
  for (let at = start; at < end; ) {
    const tag = readVarint(source, at, end);
    const number = Math.floor(tag.value / 8);
    const wire = wires[tag.value % 8];
    if (wire === undefined || number < 1 || number > 536_870_911) throw new NotUnderstood('a field of no kind', at);
    const field = readField(source, tag.at, end, { number, wire });
    yield field;
    at = field.end;
  }
}

function readField(source: ByteSource, at: number, end: number, kind: Pick<Field, 'number' | 'wire'>): Field {
  if (kind.wire === 'varint') {
    const { value, at: next } = readVarint(source, at, end);
    return { ...kind, value, start: at, end: next };
  }
  const length = kind.wire === 'bytes' ? readVarint(source, at, end) : { value: kind.wire === 'fixed64' ? 8 : 4, at };
  if (length.value > end - length.at) throw new NotUnderstood(`a field of ${length.value} bytes is cut short`, at);
  return { ...kind, value: 0, start: length.at, end: length.at + length.value };
}

function readVarint(source: ByteSource, start: number, end: number): { value: number; at: number } {
  const bytes = source.read(start, Math.max(0, Math.min(10, end - start)));
  let value = 0;
  for (const [index, byte] of bytes.entries()) {
    value += (byte % 128) * 2 ** (7 * index);
    if (byte < 128) return { value, at: start + index + 1 };
  }
  throw new NotUnderstood('a number is cut short or longer than ten bytes', start);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a field. @throws NotUnderstood when it is longer than `most` bytes or is not UTF-8 */
export function textOf(source: ByteSource, field: Field, most: number): string {
  if (field.wire !== 'bytes') throw new NotUnderstood('a number where a text belongs', field.start);
  if (field.end - field.start > most) throw new NotUnderstood(`a text of more than ${most} bytes`, field.start);
  try {
    return utf8.decode(source.read(field.start, field.end - field.start));
  } catch (error) {
    if (error instanceof NotUnderstood) throw error;
    throw new NotUnderstood('a text that is not UTF-8', field.start);
  }
}
