import { type ByteSource, NotUnderstood } from '../../bytes/source.ts';

/** One field of a message: https://protobuf.dev/programming-guides/encoding/ */
export interface WireField {
  readonly number: number;
  readonly type: 'varint' | 'fixed64' | 'bytes' | 'fixed32';
  /** Offset of the field within the message. */
  readonly at: number;
  /** Offset and length of its value. */
  readonly start: number;
  readonly length: number;
}

/**
 * The fields of a message, in their order; their values are passed over.
 *
 * @throws NotUnderstood for groups, for numbers of more than ten bytes, and for what is cut short
 */
export function* fieldsOf(message: ByteSource): Generator<WireField> {
  for (let at = 0; at < message.size; ) {
    const tag = varint(message, at);
    const number = Math.floor(tag.value / 8);
    if (number < 1 || tag.value > 0xffffffff) throw new NotUnderstood('a field without a number', at);
    const { type, start, length } = valueOf(message, tag.value % 8, tag.end);
    if (start + length > message.size) throw new NotUnderstood('a field that is cut short', at);
    yield { number, type, at, start, length };
    at = start + length;
  }
}

function valueOf(message: ByteSource, type: number, start: number): Omit<WireField, 'number' | 'at'> {
  switch (type) {
    case 0:
      return { type: 'varint', start, length: varint(message, start).end - start };
    case 1:
      return { type: 'fixed64', start, length: 8 };
    case 2: {
      const { value, end } = varint(message, start);
      return { type: 'bytes', start: end, length: value };
    }
    case 5:
      return { type: 'fixed32', start, length: 4 };
    default:
      throw new NotUnderstood('a field of a type that is out of use', start);
  }
}

/** Seven bits a byte, lowest first. A value beyond 2^53 loses its last bits: no length is so large. */
function varint(message: ByteSource, start: number): { readonly value: number; readonly end: number } {
  const bytes = message.read(start, Math.min(10, message.size - start));
  let value = 0;
  for (const [index, byte] of bytes.entries()) {
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  throw new NotUnderstood('a number that does not end', start);
}
