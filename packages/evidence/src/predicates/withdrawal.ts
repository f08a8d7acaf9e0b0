import { z } from 'zod';

/** The subject must not be used any more, nor anything that was made from it. */
export const withdrawalSchema = z.strictObject({
  reason: z.string().min(1).max(1000),
  withdrawnOn: z.iso.datetime(),
});

export type Withdrawal = z.infer<typeof withdrawalSchema>;
