import type { DatasetProfile } from '@holdfast/evidence';
import type { InputSchema } from '../protection/schema/input-schema.ts';

/** How a feature lies in the training data: counts of bins that requests are counted into, too. */
export interface FeatureReference {
  readonly feature: string;
  /** The input, and the element of a row of it. */
  readonly input: string;
  readonly at: number;
  /** Bin k holds what is below edge k and not below edge k − 1; the last holds the rest. For numbers. */
  readonly edges?: Float64Array;
  /** Bin k is the k-th text; the one after them is every other. For texts. */
  readonly texts?: ReadonlyMap<string, number>;
  /** Rows of each bin; the last counts what is missing. */
  readonly counts: readonly number[];
}

/** As many as N. Siddiqi, "Credit Risk Scorecards" (2006), takes for the stability index. */
const bins = 10;

/**
 * What a signed profile says of the features of a model. A column without histogram or values (they were left out, or it has another form
 * in requests) has no reference.
 */
export function featureReferences(schema: InputSchema, profile: DatasetProfile): FeatureReference[] {
  return schema.features.flatMap(({ feature, input, at }): FeatureReference[] => {
    const column = profile.columns.find(({ name }) => name === feature);
    const tensor = schema.inputs[input];
    if (column === undefined || tensor === undefined) return [];
    const counted = tensor.datatype === 'BYTES' ? textCounts(column) : numberCounts(column);
    return counted === undefined ? [] : [{ feature, input: tensor.name, at, ...counted }];
  });
}

type Column = DatasetProfile['columns'][number];
type Counted = Pick<FeatureReference, 'edges' | 'texts' | 'counts'>;

function textCounts({ top, present, missing }: Column): Counted | undefined {
  if (top === undefined || !top.isExact || top.values.some(({ isCut }) => isCut === true)) return undefined;
  const named = top.values.map(({ count }) => count);
  const others = Math.max(0, present - named.reduce((sum, count) => sum + count, 0));
  return { texts: new Map(top.values.map(({ value }, index) => [value, index])), counts: [...named, others, missing] };
}

function numberCounts({ numbers, missing }: Column): Counted | undefined {
  const histogram = numbers?.histogram;
  if (histogram === undefined || histogram.counts.length === 0) return undefined;
  const { edges, counts } = merged(histogram);
  return { edges, counts: [...counts, missing] };
}

/** Bars put together until each holds a tenth of the rows or more. */
function merged({ from, step, counts }: { readonly from: number; readonly step: number; counts: readonly number[] }): {
  readonly edges: Float64Array;
  readonly counts: readonly number[];
} {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const edges: number[] = [];
  const together: number[] = [];
  let held = 0;
  for (const [bar, count] of counts.entries()) {
    held += count;
    if (held < total / bins || bar === counts.length - 1) continue;
    edges.push(from + (bar + 1) * step);
    together.push(held);
    held = 0;
  }
  return { edges: Float64Array.from(edges), counts: [...together, held] };
}
