let widened: Float32Array | undefined;

/** 16-bit floats (IEEE 754 binary16) widened to 32 bits. */
export function widenHalves(bits: Uint16Array): Float32Array {
  widened ??= Float32Array.from({ length: 65_536 }, (_, half) => widen(half));
  const floats = new Float32Array(bits.length);
  for (let index = 0; index < bits.length; index += 1) floats[index] = widened[bits[index] as number] as number;
  return floats;
}

function widen(half: number): number {
  const sign = half >= 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** The bits of the 16-bit float nearest to a number, ties to even. */
export function halfOf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // Halfway between the largest and what would be next, which is even.
  if (size >= 65_520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | toEven(size * 2 ** 24);
  let exponent = -14;
  while (size >= 2 ** (exponent + 1)) exponent += 1;
  return sign | (((exponent + 14) << 10) + toEven(size * 2 ** (10 - exponent)));
}

function toEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
