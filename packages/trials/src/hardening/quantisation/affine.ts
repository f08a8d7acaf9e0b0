/** The values that a quantised tensor can have. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** A real number as eight bits: real = scale · (stored − zeroPoint). */
export interface Affine {
  readonly type: 'UINT8' | 'INT8';
  /** A number of float32. */
  readonly scale: number;
  readonly zeroPoint: number;
}

/** As QuantizeLinear rounds: halves to the even neighbour. */
export function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Below this, products of two scales are no normal number of float32. */
const leastScale = 2 ** -60;

/**
 * The scale and the zero point for a range, which 0 is made part of: padding and what Relu cuts off must stay exact.
 * UINT8: scale = (high − low) / 255, zero point = round(−low / scale). INT8: scale = max(|low|, |high|) / 127, around 0.
 */
export function affineOf({ low, high }: Range, type: Affine['type']): Affine {
  const [bottom, top] = [Math.min(0, low), Math.max(0, high)];
  const width = type === 'INT8' ? Math.max(-bottom, top) / 127 : (top - bottom) / 255;
  if (!(width >= leastScale)) return { type, scale: 1, zeroPoint: 0 };
  const scale = Math.fround(width);
  return { type, scale, zeroPoint: type === 'INT8' ? 0 : clamp(roundHalfToEven(-bottom / scale), 0, 255) };
}

/** The real numbers that an affine can stand for. */
export function rangeOf({ type, scale, zeroPoint }: Affine): Range {
  const [least, greatest] = type === 'INT8' ? [-128, 127] : [0, 255];
  return { low: scale * (least - zeroPoint), high: scale * (greatest - zeroPoint) };
}

export function clamp(value: number, least: number, greatest: number): number {
  return Math.min(greatest, Math.max(least, value));
}
