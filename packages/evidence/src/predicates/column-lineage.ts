import { z } from 'zod';

const count = z.int().nonnegative();
const name = z.string().max(4000);

/** What became of the cells of a column. */
const cells = z.strictObject({
  changed: count,
  unchanged: count,
  /** There was no value, and there is none. */
  missing: count,
  /** Could not be transformed and was emptied, by reason. */
  failed: z.record(z.string().max(64), count),
});

const column = z.strictObject({
  name,
  /** Columns of the data set it was made from. */
  from: z.array(name).max(64),
  method: z.string().max(64),
  /** Never a key. */
  parameters: z.record(z.string().max(64), z.unknown()),
  cells,
  /** ε of local differential privacy for one cell; absent where none is guaranteed. */
  epsilon: z.number().nonnegative().optional(),
});

/** What every column of the subject was made from, and how: `column-lineage/v1`. The subject is the data set that was made. */
export const columnLineageSchema = z.strictObject({
  operation: z.strictObject({ name: z.string().max(128), version: z.string().max(128) }),
  /** The data set it was made from. */
  from: z.strictObject({
    name,
    digest: z.record(z.string().max(64), z.string().regex(/^[0-9a-f]{32,256}$/)),
    rows: count,
  }),
  rows: count,
  /** Tells the key from others, and nothing of it; absent where none was used. */
  keyId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  columns: z.array(column).max(100_000),
  /** Columns that are not in what was made. */
  dropped: z.array(name).max(100_000),
});

export type ColumnLineage = z.infer<typeof columnLineageSchema>;
