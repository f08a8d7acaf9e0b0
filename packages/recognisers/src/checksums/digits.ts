/** The digits of a text that has nothing else. */
export function digitsOf(text: string): number[] {
  return Array.from(text, (sign) => sign.charCodeAt(0) - 48);
}

/** The sum of digits times weights; as many as there are weights. */
export function weightedSum(text: string, weights: readonly number[]): number {
  let sum = 0;
  for (const [index, weight] of weights.entries()) sum += (text.charCodeAt(index) - 48) * weight;
  return sum;
}

/** The number that stands from `start` to `end`. */
export function numberAt(text: string, start: number, end: number): number {
  return Number(text.slice(start, end));
}

/** Whether all of its signs are the same, as in what people type to get past a form. */
export function isOneSign(text: string): boolean {
  return text === text.charAt(0).repeat(text.length);
}
