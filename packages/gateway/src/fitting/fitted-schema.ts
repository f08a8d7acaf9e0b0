import { z } from 'zod';
import { fittedKind } from './fitted-protections.ts';

const mostFeatures = 4096;
const number = z.number();
/** One for each feature, or a few. */
const numbers = z.array(number).max(100_000);
const names = z.array(z.string().min(1).max(1024)).min(1).max(mostFeatures);
const scaling = z.strictObject({ mean: numbers, deviation: numbers });
const surprise = z.strictObject({ knots: numbers.length(11), excess: number.gt(0) });
const listed = z.array(numbers).max(mostFeatures);

/** A score of a row that nothing bounds, such as one with a missing value, is written as `null`. */
const score = number.nullable().transform((value) => value ?? Number.POSITIVE_INFINITY);

const anomaly = z.strictObject({
  kind: z.literal('anomaly/v1'),
  features: names,
  mayBeMissing: numbers,
  ranges: z.strictObject({ low: numbers, high: numbers }),
  distance: z.strictObject({
    scaling,
    projection: z.strictObject({ directions: z.array(number).max(1_000_000), scaling }).exactOptional(),
    inverse: numbers,
    shrinkage: number,
  }),
  depth: z.strictObject({ rows: numbers, values: listed, upTo: listed, below: listed, side: numbers }),
  surprises: z.tuple([surprise, surprise, surprise]),
  calibration: z.strictObject({
    falseAlarms: number.gt(0).lt(1),
    rows: z.int().min(1),
    greatest: z.array(score).min(1).max(1_000_000),
  }),
});

const evasion = z.strictObject({
  kind: z.literal('evasion/v1'),
  features: names,
  steps: numbers,
  centres: numbers,
  most: z.int().min(0),
});

const network = z.strictObject({
  hidden: z.int().min(1).max(1024),
  width: z.int().min(1).max(1_000_000),
  weights: z.array(number).max(10_000_000),
});

const extraction = z.strictObject({
  kind: z.literal('extraction/v1'),
  features: names,
  encoding: z.strictObject({
    mean: numbers,
    deviation: numbers,
    least: numbers,
    greatest: numbers,
    isWhole: numbers,
    levels: listed,
  }),
  networks: z.array(network).min(1).max(16),
  edges: numbers,
  cohorts: z
    .array(z.strictObject({ likeness: numbers, margin: numbers }))
    .min(1)
    .max(16),
  bets: z
    .array(z.strictObject({ edges: numbers, densities: numbers }))
    .min(1)
    .max(16),
  seed: z.string().max(1024),
});

const source = z.strictObject({
  feature: z.string().min(1).max(1024),
  input: z.string().min(1).max(1024),
  at: z.int().min(0).max(1_000_000),
  codes: z.record(z.string().max(65_536), number).exactOptional(),
});

/** The form of the file; that its parts fit each other is `requireFitting`'s to say. */
export const fittedSchema = z.strictObject({
  kind: z.literal(fittedKind),
  model: z.string().regex(/^[A-Za-z0-9]{1,32}:[0-9a-f]{32,256}$/),
  sources: z.array(source).min(1).max(mostFeatures),
  output: z.strictObject({ name: z.string().min(1).max(1024), holds: z.enum(['probabilities', 'logits']) }),
  anomaly,
  evasion: evasion.exactOptional(),
  extraction,
});
