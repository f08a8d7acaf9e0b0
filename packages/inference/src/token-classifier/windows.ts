/** A stretch of the tokens of a text that goes into the model at once. */
export interface Window {
  readonly text: number;
  /** The first token. */
  readonly from: number;
  /** The first token behind. */
  readonly to: number;
  /** The first token whose judgement counts in this window: others are nearer to the middle of another one. */
  readonly counts: number;
  /** The first token behind those. */
  readonly countsTo: number;
}

/**
 * Cuts a text that is longer than the model's positions into windows that overlap by a quarter: each token is judged in the
 * window in which it has most tokens on its nearer side.
 * @param length tokens of the text
 * @param size tokens that a window holds, without the special ones
 */
export function windowsOf(text: number, length: number, size: number): Window[] {
  const windows: Window[] = [];
  const overlap = Math.floor(size / 4);
  for (let from = 0; from < length; from += size - overlap) {
    const to = Math.min(length, from + size);
    const counts = from === 0 ? 0 : from + Math.floor(overlap / 2);
    windows.push({ text, from, to, counts, countsTo: to === length ? to : to - (overlap - Math.floor(overlap / 2)) });
    if (to === length) break;
  }
  return windows;
}
