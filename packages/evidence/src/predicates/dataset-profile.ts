import { z } from 'zod';

const finite = z.number().refine(Number.isFinite);
const count = z.int().nonnegative();
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().max(4000);

/** Edge k is `from` + k · `step`; edge k ≤ value < edge k + 1, and the last bar holds its upper edge. */
const histogram = z.strictObject({ from: finite, step: finite, counts: z.array(count).max(1024) });

const quantile = z.strictObject({ probability: z.number().min(0).max(1), value: finite });

const numbers = z.strictObject({
  mean: finite,
  deviation: finite.optional(),
  skewness: finite.optional(),
  kurtosis: finite.optional(),
  zeros: count,
  negatives: count,
  infinite: count,
  least: finite.optional(),
  greatest: finite.optional(),
  quantiles: z.array(quantile).max(32).optional(),
  histogram: histogram.optional(),
});

const lengths = z.strictObject({
  least: count,
  mean: finite,
  median: finite,
  greatest: count,
  histogram: histogram.optional(),
});

const times = z.strictObject({
  least: z.string().max(64).optional(),
  greatest: z.string().max(64).optional(),
  histogram: histogram.optional(),
});

const topValues = z.strictObject({
  isExact: z.boolean(),
  values: z.array(z.strictObject({ value: z.string().max(400), count, isCut: z.boolean().optional() })).max(32),
});

const column = z.strictObject({
  name,
  type: z.enum(['boolean', 'integer', 'decimal', 'number', 'text', 'date', 'time', 'timestamp', 'bytes', 'nested']),
  native: z.string().max(1000),
  present: count,
  missing: count,
  distinct: z.strictObject({ count, isExact: z.boolean(), error: z.number().min(0).max(1) }).optional(),
  semantic: z
    .strictObject({ type: z.string().max(64), share: z.number().min(0).max(1), rule: z.string().max(200) })
    .optional(),
  mostFrequent: z.number().min(0).max(1).optional(),
  entropy: finite.optional(),
  numbers: numbers.optional(),
  lengths: lengths.optional(),
  times: times.optional(),
  top: topValues.optional(),
});

/** Columns, and a coefficient of each two of them. */
const pairs = {
  columns: z.array(name).max(64),
  matrix: z.array(z.array(z.number().min(-1).max(1).nullable()).max(64)).max(64),
};

/**
 * What a data set holds, as evidence: `dataset-profile/v1`. The subject is the file, or the folder of files, that was
 * looked at.
 */
export const datasetProfileSchema = z.strictObject({
  check: z.strictObject({ name: z.string().max(128), version: z.string().max(128) }),
  options: z.record(z.string(), z.unknown()),
  values: z.enum(['shown', 'left-out']),
  rows: count,
  missing: count,
  duplicates: count.optional(),
  columns: z.array(column).max(20_000),
  correlations: z.strictObject({ method: z.enum(['pearson']), ...pairs }).optional(),
  associations: z
    .array(z.strictObject({ method: z.enum(['spearman', 'cramers-v']), ...pairs }))
    .max(2)
    .optional(),
  digest: z
    .strictObject({
      algorithm: z.literal('sha256'),
      tree: z.literal('rfc6962'),
      rowsPerGroup: z.literal(65_536),
      root: digest,
      groups: z.array(digest).max(65_536),
    })
    .optional(),
  left: z.array(z.string().max(4000)).max(10_000),
});

export type DatasetProfile = z.infer<typeof datasetProfileSchema>;
