import { z } from 'zod';

/** Somebody in the role `approver` vouches for the subject. */
export const approvalSchema = z.strictObject({
  environment: z.string().max(64).optional().describe('only for this environment; absent: for all'),
  reason: z.string().max(1000).optional(),
  approvedOn: z.iso.datetime(),
});

export type Approval = z.infer<typeof approvalSchema>;
