import { z } from 'zod';

const count = z.int().nonnegative();
const name = z.string().max(4000);
const share = z.number().min(0).max(1);
const chance = z.strictObject({ estimate: share, low: share, high: share });

/** Rows that a statement can hold. */
export const mostSuspectRows = 200_000;

const row = z.strictObject({
  /** Index into `files`; absent where there is one. */
  file: count.optional(),
  /** In its file, the first row of data is 1. */
  row: z.int().positive(),
  score: share,
  reasons: z
    .array(z.enum(['label', 'trigger', 'cluster', 'source']))
    .min(1)
    .max(4),
  detectors: z.array(z.string().max(64)).min(1).max(16),
});

/**
 * Rows of a data set that may have been planted, as evidence: `suspect-rows/v1`. The subject is the file, or the folder of files, that
 * was looked at. It holds no value of a row.
 */
export const suspectRowsSchema = z
  .strictObject({
    check: z.strictObject({ name: z.string().max(128), version: z.string().max(128) }),
    options: z.record(z.string(), z.unknown()),
    labelColumn: name,
    /** Posix paths within the artifact, in the order of its rows. */
    files: z.array(name).min(1).max(65_536),
    /** Rows that were looked at, and that there are. */
    examined: count,
    total: count,
    /** Suspect rows; more than there are in `rows` where they are too many for a statement. */
    suspects: count,
    rows: z.array(row).max(mostSuspectRows),
    share: chance,
    sources: z
      .strictObject({
        column: name,
        suspects: z.array(z.strictObject({ source: name, rows: count, suspects: count, p: share })).max(1000),
      })
      .optional(),
    left: z.array(z.string().max(4000)).max(10_000),
  })
  .refine(({ rows, suspects }) => rows.length <= suspects, { error: 'more rows than suspects' })
  .refine(({ suspects, total }) => suspects <= total, { error: 'more suspects than rows' });

export type SuspectRows = z.infer<typeof suspectRowsSchema>;
