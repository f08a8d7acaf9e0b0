import type { Range } from './affine.ts';

const bins = 4096;

/** How often the values of a tensor lie where, between the least and the greatest. */
export class Histogram {
  readonly range: Range;
  readonly counts = new Float64Array(bins);
  readonly width: number;

  constructor(range: Range) {
    this.range = range;
    this.width = (range.high - range.low) / bins;
  }

  add(values: Float32Array): void {
    const { low } = this.range;
    for (const value of values) {
      const bin = this.width === 0 ? 0 : Math.min(bins - 1, Math.floor((value - low) / this.width));
      this.counts[bin] = (this.counts[bin] as number) + 1;
    }
  }

  /** The middle of a bin. */
  centre(bin: number): number {
    return this.range.low + (bin + 0.5) * this.width;
  }

  /** What is left when a share of all values goes on each side, to the edges of bins. */
  within(share: number): Range {
    // a share is no exact number: what is nearly a whole one is meant as one
    const gone = Math.floor(share * this.counts.reduce((sum, count) => sum + count, 0) + 1e-6);
    const order = [...this.counts.keys()];
    const edge = (bins: readonly number[]): number => {
      let left = gone;
      return bins.find((bin) => (left -= this.counts[bin] as number) < 0) ?? 0;
    };
    const [first, last] = [edge(order), edge(order.toReversed())];
    return { low: this.range.low + first * this.width, high: this.range.low + (last + 1) * this.width };
  }
}
