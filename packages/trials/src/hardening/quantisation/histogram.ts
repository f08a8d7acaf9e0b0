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

  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** The middle of a bin. */
  centre(bin: number): number {
    return this.range.low + (bin + 0.5) * this.width;
  }

  /** The value below which a share of all lies, to the edge of a bin. */
  quantile(share: number): number {
    const wanted = share * this.total;
    let sum = 0;
    for (let bin = 0; bin < bins; bin += 1) {
      sum += this.counts[bin] as number;
      if (sum >= wanted) return this.range.low + (share < 0.5 ? bin : bin + 1) * this.width;
    }
    return this.range.high;
  }
}
