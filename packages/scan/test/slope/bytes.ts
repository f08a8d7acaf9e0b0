/** Bytes one behind the other; a character of a text is a byte. */
export function join(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}

/** The same so many times, or what is made for each number from 0 on. */
export function times(count: number, what: string | Uint8Array | ((index: number) => string | Uint8Array)): Uint8Array {
  if (typeof what !== 'function') return Buffer.alloc(count * what.length, join(what));
  return join(...Array.from({ length: count }, (_, index) => what(index)));
}

/** A number in so many bytes, lowest first. */
export function little(bytes: number, value: number): Uint8Array {
  const number = Buffer.alloc(8);
  number.writeBigUInt64LE(BigInt(value));
  return number.subarray(0, bytes);
}

/** Seven bits a byte, lowest first: https://protobuf.dev/programming-guides/encoding/ and LevelDB's coding.cc. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Uint8Array.from([...bytes, left]);
}

/** A field of a protobuf message: a text or a message. */
export function field(number: number, ...content: readonly (string | Uint8Array)[]): Uint8Array {
  const bytes = join(...content);
  return join(varint(number * 8 + 2), varint(bytes.length), bytes);
}

/** A field that is a number. */
export function numeric(number: number, value: number): Uint8Array {
  return join(varint(number * 8), varint(value));
}
