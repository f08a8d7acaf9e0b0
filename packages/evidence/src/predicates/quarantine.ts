import { z } from 'zod';

const digest = z.record(z.string().max(64), z.string().regex(/^[0-9a-f]{32,256}$/));
const count = z.int().nonnegative();

/** The subject holds rows that are not trusted; nothing that is made from it may be used. */
export const quarantineSchema = z.strictObject({
  operation: z.strictObject({ name: z.string().max(128), version: z.string().max(128) }),
  /** The data set that the rows were taken out of. */
  from: z.strictObject({ name: z.string().max(4000), digest, rows: count }),
  /** What is left of it. */
  kept: z.strictObject({ digest, rows: count }),
  setAside: z.strictObject({ rows: count }),
  /** Evidence that named the rows; absent where somebody else did. */
  basis: z.array(z.string().max(128)).max(16).optional(),
});

export type Quarantine = z.infer<typeof quarantineSchema>;
