import { kolmogorovSmirnov } from '@holdfast/statistics';
import type { InferenceResponse } from '../protocols/inference.ts';

/** Scores that are compared: the exact test takes as long as the product of both windows, and requests wait meanwhile. */
const mostCompared = 1000;

/** What the scores of a window say. */
export interface ScoreDrift {
  /** Largest distance between the distributions of this window and of the first, and its chance (Kolmogorov and Smirnov). */
  readonly distance: number;
  readonly p: number;
  /**
   * How many of the answers are right, going by the scores themselves: the mean of the greatest probability of each row. That is the
   * accuracy of confidence-based performance estimation (NannyML, "How it works": CBPE); it holds as far as the scores are calibrated.
   * Absent where a score is no probability.
   */
  readonly expectedAccuracy?: number;
}

/**
 * Scores of a window, compared with those of the first window that was full. One number a row: the only score, that of the second of two
 * classes, or the greatest.
 */
export class ScoreWindow {
  readonly #values: Float64Array;
  #length = 0;
  #confidence = 0;
  #areProbabilities = true;
  #reference: Float64Array | undefined;

  constructor(size: number) {
    this.#values = new Float64Array(Math.min(size, mostCompared));
  }

  get hasReference(): boolean {
    return this.#reference !== undefined;
  }

  /** Of a window, the first thousand rows count. */
  add({ outputs }: InferenceResponse): void {
    const scores = outputs.find(({ data }) => data instanceof Float32Array || data instanceof Float64Array);
    if (scores === undefined) return;
    const data = scores.data as Float32Array | Float64Array;
    const classes = scores.shape.length > 1 ? (scores.shape.at(-1) ?? 1) : 1;
    for (let at = 0; at + classes <= data.length && classes > 0; at += classes) this.#addRow(data, at, classes);
  }

  #addRow(data: Float32Array | Float64Array, at: number, classes: number): void {
    let greatest = Number.NEGATIVE_INFINITY;
    for (let each = at; each < at + classes; each += 1) {
      const score = data[each] as number;
      if (!Number.isFinite(score)) return;
      if (score < 0 || score > 1) this.#areProbabilities = false;
      greatest = Math.max(greatest, score);
    }
    if (this.#length >= this.#values.length) return;
    this.#values[this.#length] = classes === 2 ? (data[at + 1] as number) : greatest;
    this.#confidence += classes === 1 ? Math.max(greatest, 1 - greatest) : greatest;
    this.#length += 1;
  }

  /** Ends the window; undefined for the first, and for one without scores. */
  close(): ScoreDrift | undefined {
    const [length, confidence, areProbabilities] = [this.#length, this.#confidence, this.#areProbabilities];
    this.#length = 0;
    this.#confidence = 0;
    this.#areProbabilities = true;
    if (length === 0) return undefined;
    const values = this.#values.slice(0, length);
    if (this.#reference === undefined) {
      this.#reference = values;
      return undefined;
    }
    const { statistic, p } = kolmogorovSmirnov(this.#reference, values);
    return { distance: statistic, p, ...(areProbabilities ? { expectedAccuracy: confidence / length } : {}) };
  }
}
