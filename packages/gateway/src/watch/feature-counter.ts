import { chiSquare, populationStability } from '@holdfast/statistics';
import type { InferenceRequest } from '../protocols/inference.ts';
import type { FeatureReference } from './feature-reference.ts';

/** How far a feature in a window is from the training data. */
export interface FeatureDrift {
  readonly feature: string;
  /** Population stability index. */
  readonly stability: number;
  /** Of the χ² test of homogeneity, not yet adjusted for the number of features. */
  readonly p: number;
}

/** Counts one feature of requests into the bins of its reference: as many numbers as there are bins, however much is asked. */
export class FeatureCounter {
  readonly reference: FeatureReference;
  readonly counts: Uint32Array;

  constructor(reference: FeatureReference) {
    this.reference = reference;
    this.counts = new Uint32Array(reference.counts.length);
  }

  /** @returns whether the feature was where it is to be */
  count({ inputs, rows }: InferenceRequest): boolean {
    const { input, at, edges, texts } = this.reference;
    const data = inputs.find(({ name }) => name === input)?.data;
    const width = (data?.length ?? 0) / rows;
    if (data === undefined || !Number.isInteger(width) || at >= width) return false;
    const missing = this.counts.length - 1;
    for (let place = at; place < data.length; place += width) {
      const value = data[place];
      const bin = typeof value === 'string' ? textBin(value, texts, missing) : numberBin(Number(value), edges, missing);
      this.counts[bin] = (this.counts[bin] as number) + 1;
    }
    return true;
  }

  /** Undefined while there is nothing to compare. */
  drift(): FeatureDrift | undefined {
    const { feature, counts } = this.reference;
    if (!this.counts.some((count) => count > 0) || !counts.some((count) => count > 0)) return undefined;
    return {
      feature,
      stability: populationStability(counts, this.counts),
      p: chiSquare(counts, this.counts).p,
    };
  }

  clear(): void {
    this.counts.fill(0);
  }
}

function numberBin(value: number, edges: Float64Array | undefined, missing: number): number {
  if (edges === undefined || Number.isNaN(value)) return missing;
  let bin = 0;
  while (bin < edges.length && value >= (edges[bin] as number)) bin += 1;
  return bin;
}

const textBin = (value: string, texts: ReadonlyMap<string, number> | undefined, missing: number): number =>
  value === '' || texts === undefined ? missing : (texts.get(value) ?? missing - 1);
